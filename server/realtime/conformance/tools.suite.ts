import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inTurn } from "../testing";
import { defineTool } from "../tools/define-tool";
import { Talk, type Rig } from "./rig";
import { call, look, outputs, said, TEXT, until, update } from "./talk-tools";

const weather = defineTool({
  name: "weather",
  description: "Tells the weather of a city.",
  parameters: z.object({ city: z.string() }),
  readOnly: true,
  execute: ({ city }) => ({ city, sky: "clear" }),
});

export function toolsSuite(rig: Rig): void {
  describe("tools of the server", () => {
    it("are carried out, and the model goes on by itself", async () => {
      let tell: ((weather: object) => void) | undefined;
      const talk = await Talk.open(rig, {
        tools: [{ ...weather, execute: () => new Promise((resolve) => (tell = resolve)) }],
        llm: { reply: inTurn([call("weather", { city: "Oslo" })], "Clear skies.") },
      });
      await talk.update(TEXT);
      talk.say("How is the weather in Oslo?");
      talk.send({ type: "response.create" });
      await talk.next("rate_limits.updated");
      await until(() => tell !== undefined);
      tell?.({ city: "Oslo", sky: "clear" });
      expect(await said(talk)).toBe("Clear skies.");
      await talk.next("rate_limits.updated");
      expect(talk.typesFrom("response.created")).toEqual([
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
      ]);
      expect(outputs(talk)).toEqual(['{"city":"Oslo","sky":"clear"}']);
      const [first, second] = talk.parts.llm.calls.map(({ request }) => request);
      expect(first?.tools.map(({ name }) => name)).toEqual(["weather"]);
      expect(second?.items.at(-1)).toMatchObject({ type: "tool-result", output: '{"city":"Oslo","sky":"clear"}' });
    });

    it("tell observers of each call what came of it, and whose it was", async () => {
      const seen: unknown[] = [];
      const fails = defineTool({ name: "fails", execute: () => Promise.reject(new Error("No.")) });
      const talk = await Talk.open(rig, {
        tools: [weather, fails],
        observers: [
          {
            name: "log",
            observe: (_info, observation) => {
              if (observation.type !== "tool-call") return;
              const { by, name, outcome, ranMs, callId } = observation;
              seen.push([by, name, outcome, typeof ranMs, callId]);
            },
          },
        ],
        llm: {
          reply: inTurn(
            [call("weather", { city: "Oslo" }, "one"), call("fails", {}, "two"), call("weather", {}, "three")],
            [call("look", {}, "four")],
            "Done.",
          ),
        },
      });
      await talk.update({ ...TEXT, tools: [look] });
      talk.say("Go on");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("Done.");
      expect(seen).toHaveLength(4);
      expect(seen).toEqual(
        expect.arrayContaining([
          ["server", "weather", "ok", "number", "one"],
          ["server", "fails", "threw", "number", "two"],
          ["server", "weather", "arguments", "undefined", "three"],
          ["client", "look", "arguments", "undefined", "four"],
        ]),
      );
    });

    it("are offered beside the client's, whose names they keep from it", async () => {
      const talk = await Talk.open(rig, { tools: [weather] });
      expect(await talk.refused(update({ tools: [{ type: "function", name: "weather" }] }))).toMatchObject({
        code: "invalid_value",
        param: "session.tools[0].name",
      });
      await talk.update({ ...TEXT, tools: [look], tool_choice: { type: "function", name: "weather" } });
      talk.say("Hi");
      await talk.respond();
      const [request] = talk.parts.llm.calls.map((each) => each.request);
      expect(request?.tools.map(({ name }) => name)).toEqual(["look", "weather"]);
      expect(request?.toolChoice).toEqual({ name: "weather" });
    });

    it("are not forced again and again, and a loop comes to an end", async () => {
      const talk = await Talk.open(rig, {
        tools: [weather],
        toolCalls: { maxRounds: 3 },
        llm: {
          reply: ({ toolChoice }) => (toolChoice === "none" ? "Enough." : [call("weather", { city: "Oslo" })]),
        },
      });
      await talk.update({ ...TEXT, tool_choice: "required" });
      talk.say("Loop");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("Enough.");
      expect(talk.parts.llm.calls.map(({ request }) => request.toolChoice)).toEqual([
        "required",
        "auto",
        "auto",
        "none",
      ]);
    });

    it("run side by side; all are answered before the model goes on", async () => {
      const release: (() => void)[] = [];
      const slow = defineTool({
        name: "slow",
        parameters: z.object({ n: z.number() }),
        execute: ({ n }) => new Promise<number>((resolve) => release.push(() => resolve(n))),
      });
      const talk = await Talk.open(rig, {
        tools: [slow],
        llm: { reply: inTurn([call("slow", { n: 1 }), call("slow", { n: 2 })], "Both.") },
      });
      await talk.update(TEXT);
      talk.say("Go");
      await talk.respond();
      await until(() => release.length === 2);
      release[1]?.();
      await until(() => outputs(talk).length === 1);
      expect(talk.all("response.created")).toHaveLength(1);
      release[0]?.();
      expect(await said(talk)).toBe("Both.");
      expect(outputs(talk)).toEqual(["2", "1"]);
    });

    it("wait for the client's calls of the same reply, which the client goes on with", async () => {
      const talk = await Talk.open(rig, {
        tools: [weather],
        llm: { reply: inTurn([call("weather", { city: "Oslo" }), call("look", { at: "sea" }, "call_look")], "Seen.") },
      });
      await talk.update({ ...TEXT, tools: [look] });
      talk.say("Go");
      await talk.respond();
      await until(() => outputs(talk).length === 1);
      expect(talk.all("response.created")).toHaveLength(1);
      talk.send({
        type: "conversation.item.create",
        item: { type: "function_call_output", call_id: "call_look", output: "waves" },
      });
      await talk.respond();
      const last = talk.parts.llm.calls.at(-1)?.request.items.filter(({ type }) => type === "tool-result");
      expect(last).toHaveLength(2);
      expect(talk.all("error")).toEqual([]);
    });

    it("that fail tell the model, and nobody else", async () => {
      const broken = defineTool({
        name: "broken",
        execute: () => {
          throw new Error("The shop is closed.");
        },
      });
      const talk = await Talk.open(rig, { tools: [broken], llm: { reply: inTurn([call("broken")], "Closed.") } });
      await talk.update(TEXT);
      talk.say("Go");
      talk.send({ type: "response.create" });
      await said(talk);
      expect(outputs(talk)).toEqual(['{"error":"The shop is closed."}']);
      expect(talk.all("error")).toEqual([]);
    });

    it("answer with ten megabytes in vain", async () => {
      const huge = defineTool({ name: "huge", execute: () => "x".repeat(10 * 1024 * 1024) });
      const talk = await Talk.open(rig, { tools: [huge], llm: { reply: inTurn([call("huge")], "Too much.") } });
      await talk.update(TEXT);
      talk.say("Go");
      talk.send({ type: "response.create" });
      await said(talk);
      expect(outputs(talk)[0]).toMatch(/^\{"error":"The tool's result is too large/);
    });

    it("are told what was wrong with their arguments once; then the client is", async () => {
      const talk = await Talk.open(rig, {
        tools: [weather],
        llm: { reply: ({ toolChoice }) => (toolChoice === "none" ? "I cannot." : [call("weather", { town: "Oslo" })]) },
      });
      await talk.update(TEXT);
      talk.say("Go");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("I cannot.");
      const calls = talk
        .all("response.output_item.done")
        .flatMap(({ item }) => (item.type === "function_call" ? item.status : []));
      expect(calls).toEqual(["incomplete", "completed"]);
      expect(outputs(talk)).toHaveLength(2);
      expect(outputs(talk)[0]).toMatch(/required property 'city'/);
      expect(talk.all("error").map(({ error }) => error.code)).toEqual(["invalid_tool_arguments"]);
    });

    it("go on after the session has ended, and nobody hears of it", async () => {
      let finish: (() => void) | undefined;
      let aborted = false;
      const slow = defineTool({
        name: "slow",
        execute: (_args, { signal }) => {
          signal.addEventListener("abort", () => (aborted = true));
          return new Promise<void>((resolve) => (finish = resolve));
        },
      });
      const talk = await Talk.open(rig, { tools: [slow], llm: { reply: [call("slow")] } });
      await talk.update(TEXT);
      talk.say("Go");
      await talk.respond();
      await until(() => finish !== undefined);
      talk.link.close();
      await talk.link.closed;
      await until(() => aborted);
      finish?.();
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(outputs(talk)).toEqual([]);
    });

    it("are not offered where their results would not be kept", async () => {
      const talk = await Talk.open(rig, { tools: [weather] });
      talk.say("Hi");
      await talk.respond({ ...TEXT, conversation: "none" });
      expect(talk.parts.llm.calls[0]?.request.tools).toEqual([]);
    });

    it("work with a reply that has an input of its own", async () => {
      const talk = await Talk.open(rig, {
        tools: [weather],
        llm: { reply: inTurn([call("weather", { city: "Oslo" })], "Clear.") },
      });
      talk.say("Forget this.");
      const content = [{ type: "input_text", text: "Only this." }];
      talk.send({
        type: "response.create",
        response: { ...TEXT, input: [{ type: "message", role: "user", content }] },
      });
      expect(await said(talk)).toBe("Clear.");
      const items = talk.parts.llm.calls[1]?.request.items;
      expect(items?.map(({ type }) => type)).toEqual(["message", "tool-call", "tool-result"]);
    });

    it("speak a filler while they take their time", async () => {
      let finish: ((value: string) => void) | undefined;
      const slow = defineTool({
        name: "slow",
        filler: { text: "One moment.", afterMs: 10 },
        execute: () => new Promise<string>((resolve) => (finish = resolve)),
      });
      const talk = await Talk.open(rig, { tools: [slow], llm: { reply: inTurn([call("slow")], "Done now.") } });
      talk.say("Go");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("One moment.");
      finish?.("ready");
      expect(await said(talk)).toBe("Done now.");
      expect(talk.parts.llm.calls).toHaveLength(2);
    });

    it("give way to a person who speaks, or finish, as each of them says", async () => {
      const finish: Record<string, (value: string) => void> = {};
      const tool = (name: string, readOnly: boolean) =>
        defineTool({ name, readOnly, execute: () => new Promise<string>((resolve) => (finish[name] = resolve)) });
      const talk = await Talk.open(rig, {
        tools: [tool("ask", true), tool("order", false)],
        llm: { reply: inTurn([call("ask"), call("order")], "Yes?", "It is ordered.") },
      });
      talk.say("Go");
      await talk.respond(TEXT);
      await until(() => finish["order"] !== undefined);
      talk.appendTone(600);
      await until(() => outputs(talk).length === 1);
      expect(outputs(talk)).toEqual(['{"error":"The call was cancelled."}']);
      talk.appendSilence(1_500);
      expect(await said(talk)).toBe("Yes?");
      finish["order"]?.("number 7");
      expect(await said(talk)).toBe("It is ordered.");
    });
  });
}
