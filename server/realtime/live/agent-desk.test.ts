import { describe, expect, it, onTestFinished } from "vitest";
import { recordingObserver, textEngine, textTurn } from "../conformance/test-support";
import type { AgentInfo } from "../observers/types";
import type { RealtimeHandlerOptions } from "../options";
import { ProtocolError } from "../protocol/errors";
import type { PromptStore } from "../session/stored-prompts";
import { createTestRealtime, inTurn } from "../testing";
import type { MemoryConnectOptions, TestRealtime } from "../testing/realtime";
import { defineTool } from "../tools/define-tool";
import { unlimited, type UsageGate, type UsageSession } from "../usage-gate";

const prompts: PromptStore = {
  find: (id, version) => {
    if (id === "desk")
      return {
        version: version ?? "3",
        session: { instructions: "The desk.", output_modalities: ["text"] },
        handoffs: [{ name: "kitchen", prompt: { id: "kitchen" } }],
      };
    if (id === "kitchen") return { session: { instructions: "The kitchen.", output_modalities: ["text"] } };
    // This engine has no noise suppressor.
    if (id === "mute") return { session: { audio: { input: { noise_reduction: { type: "near_field" } } } } };
    return undefined;
  },
};

interface Gate extends UsageGate {
  readonly opened: UsageSession[];
  readonly became: (string | undefined)[];
  /** Whom responses were for that were not the session's own agent's. */
  readonly reserved: (AgentInfo | undefined)[];
}

/** Lets everybody in but the agents that are full. */
function gateWithout(...full: string[]): Gate {
  const opened: UsageSession[] = [];
  const became: (string | undefined)[] = [];
  const reserved: (AgentInfo | undefined)[] = [];
  const judge = (agent: Partial<AgentInfo> | undefined): void => {
    if (full.includes(agent?.agentId ?? ""))
      throw new ProtocolError("This agent may have 1 session at a time.", {
        type: "rate_limit_error",
        code: "rate_limit_exceeded",
      });
  };
  return {
    opened,
    became,
    reserved,
    open: (session) => {
      judge(session);
      opened.push(session);
      return {
        ...unlimited,
        reserve: (tokens, agent) => {
          reserved.push(agent);
          return unlimited.reserve(tokens);
        },
        become: (agent) => {
          judge(agent);
          became.push(agent?.agentId);
        },
      };
    },
  };
}

interface Started extends TestRealtime {
  readonly gate: Gate;
  readonly observer: ReturnType<typeof recordingObserver>;
  /** What observers were told of agents. */
  told(): (AgentInfo | undefined)[];
  update(session: object): void;
}

function start(
  options: Partial<RealtimeHandlerOptions> & { readonly gate?: Gate } = {},
  connect?: MemoryConnectOptions,
): Started {
  const { gate = gateWithout(), ...rest } = options;
  const observer = recordingObserver();
  const engine = textEngine({
    reply: inTurn("Hello.", [{ toolCall: { name: "transfer_to_kitchen", arguments: {} } }], "Hungry?"),
  });
  const realtime = createTestRealtime({ engine, prompts, usage: gate, observers: [observer], ...rest }, connect);
  onTestFinished(() => realtime.close());
  return {
    ...realtime,
    gate,
    observer,
    told: () => observer.seen.flatMap(({ observation }) => (observation.type === "agent" ? [observation.agent] : [])),
    update: (session) =>
      realtime.client.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", ...session } })),
  };
}

const mint = (realtime: TestRealtime, session: object): Promise<Response> =>
  realtime.handler.fetch(
    new Request("http://x/v1/realtime/client_secrets", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ session: { type: "realtime", ...session } }),
    }),
  );

const minted = async (realtime: TestRealtime, session: object): Promise<string> =>
  ((await (await mint(realtime, session)).json()) as { value: string }).value;

describe("the agent of a session", () => {
  it("is told to the gate and to observers when an update names it, when it hands over, and when none holds", async () => {
    const { client, gate, told, observer, update, handler } = start();
    await client.next("session.created");
    expect(gate.opened).toEqual([{ tenant: "default", model: "antiphon" }]);
    update({ prompt: { id: "desk" } });
    await client.next("session.updated");
    expect(handler.sessions.list()).toMatchObject([{ agentId: "desk", agentVersion: "3" }]);
    await textTurn(client);
    client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "Food, please" }] },
    });
    client.send({ type: "response.create" });
    expect((await client.next("response.output_text.done")).text).toBe("Hungry?");
    update({ prompt: null });
    await client.next(
      ({ type, ...event }) => type === "session.updated" && JSON.stringify(event).includes('"prompt":null'),
    );
    expect(told()).toEqual([{ agentId: "desk", agentVersion: "3" }, { agentId: "kitchen" }, undefined]);
    expect(gate.became).toEqual(["desk", "kitchen", undefined]);
    expect(handler.sessions.list()[0]).not.toHaveProperty("agentId");
    const asked = observer.seen.find(({ observation }) => observation.type === "client-event");
    const answered = observer.seen.findLast(
      ({ observation }) => observation.type === "server-event" && observation.event.type === "response.done",
    );
    expect(asked?.info.agentId).toBeUndefined();
    expect(answered?.info.agentId).toBe("kitchen");
  });

  it("is not whom a response is for that names another, nor are the responses after its calls", async () => {
    const look = defineTool({ name: "look", execute: () => "A cloud." });
    const reply = inTurn("Hello.", [{ toolCall: { name: "look", arguments: {} } }], "A cloud.");
    const { client, gate, observer, update } = start({ engine: textEngine({ reply }), tools: [look] });
    await client.next("session.created");
    update({ prompt: { id: "kitchen" } });
    await client.next("session.updated");
    await textTurn(client);
    client.sendRaw(JSON.stringify({ type: "response.create", response: { prompt: { id: "desk" } } }));
    expect((await client.next("response.output_text.done")).text).toBe("A cloud.");
    const desk = { agentId: "desk", agentVersion: "3" };
    expect(gate.reserved).toEqual([undefined, desk, desk]);
    const begun = observer.seen.flatMap(({ info, observation }) =>
      observation.type === "stage" && observation.stage === "response-created"
        ? [[info.agentId, observation.agent]]
        : [],
    );
    expect(begun).toEqual([
      ["kitchen", undefined],
      ["kitchen", desk],
      ["kitchen", desk],
    ]);
  });

  it("is known at the door when a client secret names it, and what else the secret says wins", async () => {
    const realtime = start();
    const apiKey = await minted(realtime, { prompt: { id: "desk", version: "1" }, instructions: "The night desk." });
    const { client } = realtime.connect({ apiKey });
    await client.next("session.created");
    expect(realtime.gate.opened.at(-1)).toMatchObject({ agentId: "desk", agentVersion: "1" });
    expect((await client.next("session.updated")).session).toMatchObject({
      instructions: "The night desk.",
      output_modalities: ["text"],
    });
    // It was this one from the beginning: nothing has changed.
    expect(realtime.told()).toEqual([]);
    expect(realtime.observer.seen.find(({ info }) => info.agentId === "desk")?.observation.type).toBe("started");
  });

  it("must be there when a client secret names it, and its variables must fit", async () => {
    const realtime = start();
    const refused = async (prompt: object) => {
      const response = await mint(realtime, { prompt });
      return [response.status, ((await response.json()) as { error: { param: string } }).error.param];
    };
    expect(await refused({ id: "nobody" })).toEqual([400, "session.prompt.id"]);
    expect(await refused({ id: "desk", variables: { x: "y" } })).toEqual([400, "session.prompt.variables.x"]);
    expect((await mint(realtime, { prompt: { id: "desk", version: "7" } })).status).toBe(200);
    const faults: unknown[] = [];
    const find = (): never => {
      throw new Error("The database is away.");
    };
    const broken = start({ prompts: { find }, onError: (error) => faults.push(error) });
    const response = await mint(broken, { prompt: { id: "desk" } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("database");
    expect(faults).toHaveLength(1);
  });

  it("is refused at the door when its own limits say so", async () => {
    const realtime = start({ gate: gateWithout("desk") });
    const { client } = realtime.connect({ apiKey: await minted(realtime, { prompt: { id: "desk" } }) });
    expect((await client.next("error")).error.code).toBe("rate_limit_exceeded");
    expect((await client.closed).code).toBe(1013);
  });

  it("is refused later with an error, and the session stays what it was", async () => {
    const { client, update, told, handler } = start({ gate: gateWithout("kitchen") });
    await client.next("session.created");
    update({ prompt: { id: "desk" } });
    await client.next("session.updated");
    update({ prompt: { id: "kitchen" } });
    expect((await client.next("error")).error).toMatchObject({ code: "rate_limit_exceeded" });
    await textTurn(client);
    // The model is told that it cannot hand over.
    client.send({ type: "response.create" });
    const output = await client.next(
      (event) => event.type === "conversation.item.added" && event.item.type === "function_call_output",
    );
    expect(JSON.stringify(output)).toContain("1 session at a time");
    expect(handler.sessions.list()).toMatchObject([{ agentId: "desk" }]);
    expect(told()).toHaveLength(1);
  });

  it.each([
    ["is not there any more", "gone"],
    ["does not fit the engine any more", "mute"],
  ])("is nobody when the one that a key names %s", async (_why, id) => {
    const identity = { tenant: "default", session: { type: "realtime", prompt: { id } } } as const;
    const { client, gate, handler } = start({ authenticate: () => identity });
    await client.next("error");
    expect(gate.opened).toMatchObject([{ agentId: id }]);
    expect(gate.became).toEqual([undefined]);
    expect(handler.sessions.list()[0]).not.toHaveProperty("agentId");
  });
});
