/** `@openai/agents-realtime` as it ships: a RealtimeSession over its WebSocket transport, changed only in its URL. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import {
  OpenAIRealtimeWebSocket,
  RealtimeAgent,
  RealtimeSession,
  tool,
  type RealtimeItem,
} from "@openai/agents-realtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { apiKeys, createRealtimeHandler } from "../realtime";
import type { Engine } from "../realtime/engine/types";
import { tone } from "../realtime/testing";
import { scriptedEngine } from "../realtime/test-support";
import { KEY } from "./tls-server";

async function serve(engine: Engine): Promise<string> {
  const realtime = createRealtimeHandler({ engine, authenticate: apiKeys([KEY]), validateEvents: "throw" });
  const server = createServer(realtime.middleware);
  realtime.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await realtime.close({ drainMs: 1 });
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime?model=gpt-realtime`;
}

async function connect(engine: Engine, agent: RealtimeAgent): Promise<{ session: RealtimeSession; errors: unknown[] }> {
  const transport = new OpenAIRealtimeWebSocket({ url: await serve(engine) });
  const session = new RealtimeSession(agent, { transport, model: "gpt-realtime" });
  const errors: unknown[] = [];
  session.on("error", (error) => errors.push(error));
  await session.connect({ apiKey: KEY });
  onTestFinished(() => session.close());
  return { session, errors };
}

const textOf = (item: RealtimeItem): string =>
  item.type === "message"
    ? item.content.map((part) => ("text" in part ? part.text : "transcript" in part ? part.transcript : "")).join("")
    : "";

const audio = (ms: number, amplitude?: number): ArrayBuffer => {
  const { samples } = tone({ ms, ...(amplitude !== undefined && { amplitude }) });
  return samples.buffer.slice(0) as ArrayBuffer;
};

describe("@openai/agents-realtime over WebSocket", () => {
  it("text in, history out", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief." });
    const { session, errors } = await connect(scriptedEngine({ reply: "It is noon." }), agent);
    session.sendMessage("What time is it?");
    await expect.poll(() => session.history.map(textOf)).toEqual(["What time is it?", "It is noon."]);
    await expect
      .poll(() => session.history.map((item) => "status" in item && item.status))
      .toEqual(["completed", "completed"]);
    expect(errors).toEqual([]);
  });

  it("audio in: the turn is heard, transcribed and answered with sound", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief." });
    const { session, errors } = await connect(scriptedEngine({ reply: "It is noon." }), agent);
    let bytes = 0;
    session.on("audio", (event) => (bytes += event.data.byteLength));
    session.sendAudio(audio(600));
    session.sendAudio(audio(1_500, 0));
    await expect
      .poll(() => session.history.map(textOf), { timeout: 5_000 })
      .toEqual(["what time is it", "It is noon."]);
    expect(bytes).toBeGreaterThan(10_000);
    expect(errors).toEqual([]);
  });

  it("runs a tool and speaks its result", async () => {
    const calls: unknown[] = [];
    const clock = tool({
      name: "clock",
      description: "Tells the time",
      parameters: z.object({ zone: z.string() }),
      execute: (input) => {
        calls.push(input);
        return "12:00";
      },
    });
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Use tools.", tools: [clock] });
    const engine = scriptedEngine({
      reply: (request, index) =>
        index === 0
          ? [{ toolCall: { name: "clock", arguments: { zone: "UTC" } } }]
          : `It is ${request.items.flatMap((item) => (item.type === "tool-result" ? [item.output] : [])).join()}.`,
    });
    const { session, errors } = await connect(engine, agent);
    session.sendMessage("What time is it?");
    await expect.poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 }).toBe("It is 12:00.");
    expect(calls).toEqual([{ zone: "UTC" }]);
    expect(session.history.find((item) => item.type === "function_call")).toMatchObject({
      name: "clock",
      output: "12:00",
    });
    expect(errors).toEqual([]);
  });

  it("an interruption stops the reply and cuts it to what was heard", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Tell stories." });
    const engine = scriptedEngine({ reply: ["Once upon a time there was a fox. And then", { wait: Infinity }] });
    const { session, errors } = await connect(engine, agent);
    let interrupted = 0;
    const truncated: unknown[] = [];
    session.on("audio_interrupted", () => (interrupted += 1));
    session.transport.on("*", (event: { type: string }) => {
      if (event.type === "conversation.item.truncated") truncated.push(event);
    });
    session.sendMessage("Tell me a story.");
    await new Promise((resolve) => session.once("audio", resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    session.sendAudio(audio(300));
    await expect.poll(() => interrupted, { timeout: 5_000 }).toBeGreaterThan(0);
    await expect.poll(() => truncated.length, { timeout: 5_000 }).toBe(1);
    expect(errors).toEqual([]);
  });

  it("edits history", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief." });
    const { session, errors } = await connect(scriptedEngine({ reply: "Yes." }), agent);
    session.sendMessage("One");
    await expect.poll(() => session.history.map(textOf)).toEqual(["One", "Yes."]);
    session.updateHistory((history) => history.filter((item) => textOf(item) !== "One"));
    await expect.poll(() => session.history.map(textOf)).toEqual(["Yes."]);
    expect(errors).toEqual([]);
  });
});
