import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { RealtimeHandlerOptions } from "../options";
import { engineFor } from "../conformance/test-relay";
import { dial, recordingObserver, serve, testHandler, textEngine } from "../conformance/test-support";
import { sessionEvent, testUpstream, type UpstreamPeer } from "../conformance/test-upstream";
import { defineTool } from "../tools/define-tool";

const weather = defineTool({
  name: "weather",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 7 }),
});
const clientTool = { type: "function", name: "lamp" };

async function setUp(options: Partial<RealtimeHandlerOptions> = {}) {
  const upstream = await testUpstream();
  const faults: unknown[] = [];
  const handler = testHandler({
    engine: engineFor(upstream),
    tools: [weather],
    onError: (error) => void faults.push(error),
    ...options,
  });
  const client = await dial(await serve(handler));
  const peer = await upstream.peer(0);
  const first = (await peer.next("session.update")) as { session: { tools: { name: string }[] } };
  peer.send(sessionEvent("session.updated", { tools: first.session.tools }));
  await client.next("session.created");
  return { client, peer, first, faults };
}

const began = (id: string) => ({ type: "response.created", event_id: `c_${id}`, response: { id } });
const ended = (id: string, status = "completed") => ({
  type: "response.done",
  event_id: `d_${id}`,
  response: { id, status },
});
const called = (responseId: string, callId: string, name = "weather", args = '{"city":"Bern"}') => ({
  type: "response.output_item.done",
  event_id: `i_${callId}`,
  response_id: responseId,
  output_index: 0,
  item: { id: `item_${callId}`, type: "function_call", status: "completed", call_id: callId, name, arguments: args },
});
const sendAll = (peer: UpstreamPeer, ...events: object[]): void => events.forEach((event) => peer.send(event));
const output = async (peer: UpstreamPeer): Promise<unknown> => {
  const { item } = (await peer.next("conversation.item.create")) as { item: { call_id: string; output: string } };
  return [item.call_id, JSON.parse(item.output)];
};

describe("tools of this server over a relay", () => {
  it("are offered beside the client's, and hidden from it", async () => {
    const { client, peer, first } = await setUp();
    expect(first.session.tools).toMatchObject([{ type: "function", name: "weather", parameters: { type: "object" } }]);
    const created = client.events[0];
    expect(created?.type === "session.created" && created.session).toMatchObject({ tools: [] });
    client.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", tools: [clientTool] } }));
    const update = (await peer.next("session.update")) as typeof first;
    expect(update.session.tools.map(({ name }) => name)).toEqual(["lamp", "weather"]);
    peer.send(sessionEvent("session.updated", { tools: update.session.tools }));
    expect((await client.next("session.updated")).session).toMatchObject({ tools: [{ name: "lamp" }] });
    client.sendRaw(JSON.stringify({ type: "response.create", response: { tools: [] } }));
    expect(await peer.next("response.create")).toMatchObject({ response: { tools: [{ name: "weather" }] } });
    client.sendRaw(JSON.stringify({ type: "response.create", response: { conversation: "none" } }));
    expect(await peer.next("response.create")).toMatchObject({ response: { tools: [{ name: "lamp" }] } });
    client.sendRaw(
      JSON.stringify({
        type: "session.update",
        event_id: "mine",
        session: { type: "realtime", tools: [{ type: "function", name: "weather" }] },
      }),
    );
    expect((await client.next("error")).error).toMatchObject({ param: "session.tools[0].name", event_id: "mine" });
  });

  it("are carried out, and the model goes on once all calls are answered", async () => {
    const observer = recordingObserver();
    const { client, peer } = await setUp({ observers: [observer] });
    client.sendRaw(JSON.stringify({ type: "response.create", response: { output_modalities: ["text"] } }));
    await peer.next("response.create");
    sendAll(peer, began("resp_1"), called("resp_1", "call_1"), called("resp_1", "call_2", "weather", "{}"));
    expect(await output(peer)).toEqual(["call_2", { error: expect.stringContaining("city") as unknown }]);
    expect(await output(peer)).toEqual(["call_1", { city: "Bern", degrees: 7 }]);
    expect(peer.frames.filter((frame) => frame.includes("response.create"))).toHaveLength(1);
    peer.send(ended("resp_1"));
    expect(await peer.next("response.create")).toMatchObject({ response: { output_modalities: ["text"] } });
    expect(client.events.map(({ type }) => type)).toContain("response.output_item.done");
    const told = observer.seen.flatMap(({ observation }) => (observation.type === "tool-call" ? [observation] : []));
    expect(told).toMatchObject([
      { callId: "call_2", by: "server", outcome: "arguments" },
      { callId: "call_1", by: "server", outcome: "ok", ranMs: expect.any(Number) },
    ]);
  });

  it("leave it to the client to go on when it has calls to answer too, and follow nothing that was cancelled", async () => {
    const { peer } = await setUp();
    sendAll(peer, began("resp_1"), called("resp_1", "call_1"), called("resp_1", "call_2", "lamp"), ended("resp_1"));
    expect(await output(peer)).toMatchObject(["call_1", {}]);
    sendAll(peer, began("resp_2"), called("resp_2", "call_3"), ended("resp_2", "cancelled"));
    expect(await output(peer)).toMatchObject(["call_3", {}]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.frames.filter((frame) => frame.includes("response.create"))).toEqual([]);
  });

  it("do not go on for ever", async () => {
    const { peer } = await setUp({ toolCalls: { maxRounds: 3 } });
    for (let round = 1; round <= 3; round += 1) {
      sendAll(peer, began(`resp_${round}`), called(`resp_${round}`, `call_${round}`), ended(`resp_${round}`));
      const next = (await peer.next("response.create")) as { response: { tool_choice?: string } };
      expect(next.response.tool_choice).toBe(round === 3 ? "none" : undefined);
    }
  });

  it("keep what they led to from the client when it is refused", async () => {
    const { client, peer, faults } = await setUp();
    sendAll(peer, began("resp_1"), called("resp_1", "call_1"), ended("resp_1"));
    const { event_id } = await peer.next("response.create");
    const error = { type: "invalid_request_error", code: "x", message: "Not now.", param: null };
    peer.send({ type: "error", event_id: "e1", error: { ...error, event_id } });
    peer.send({ type: "error", event_id: "e2", error: { ...error, message: "Yours.", event_id: "mine" } });
    expect((await client.next("error")).error.message).toBe("Yours.");
    expect(String(faults[0])).toContain("Not now.");
  });

  it("stop with the session, and give way to somebody who speaks if they are of that kind", async () => {
    const signals: AbortSignal[] = [];
    const slow = (name: string, onInterrupt: "cancel" | "finish") =>
      defineTool({
        name,
        onInterrupt,
        execute: (_, { signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      });
    const { client, peer } = await setUp({ tools: [slow("look", "cancel"), slow("book", "finish")] });
    sendAll(peer, began("resp_1"), called("resp_1", "c1", "look", "{}"), called("resp_1", "c2", "book", "{}"));
    await expect.poll(() => signals.length).toBe(2);
    peer.send({ type: "input_audio_buffer.speech_started", event_id: "e", audio_start_ms: 0, item_id: "i" });
    expect(await output(peer)).toMatchObject(["c1", { error: "The call was cancelled." }]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    void client.close();
    await expect.poll(() => signals[1]?.aborted).toBe(true);
  });

  it("answer a model that another antiphon runs", async () => {
    const reply = [{ toolCall: { name: "weather", arguments: { city: "Bern" } } }];
    let asked = 0;
    const engine = textEngine({ reply: () => (asked++ === 0 ? reply : "It has seven degrees.") });
    const afar = await serve(testHandler({ engine }));
    const handler = testHandler({ engine: engineFor({ url: `ws://${afar}` }), tools: [weather] });
    const client = await dial(await serve(handler));
    client.sendRaw(JSON.stringify({ type: "response.create", response: { output_modalities: ["text"] } }));
    expect((await client.next("response.output_text.done", { timeoutMs: 5_000 })).text).toBe("It has seven degrees.");
    await client.next("response.done");
    expect(client.events.filter(({ type }) => type === "error")).toEqual([]);
    const results = client.events.flatMap((event) =>
      event.type === "conversation.item.done" && event.item.type === "function_call_output" ? [event.item.output] : [],
    );
    expect(results).toEqual(['{"city":"Bern","degrees":7}']);
  });
});
