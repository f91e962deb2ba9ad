/** `@openai/agents-realtime` as it ships: a RealtimeSession over its WebSocket transport, changed only in its URL. */
import {
  OpenAIRealtimeWebSocket,
  RealtimeAgent,
  RealtimeSession,
  tool,
  type RealtimeItem,
  type RealtimeSessionOptions,
} from "@openai/agents-realtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { tone } from "../realtime/testing";
import { startedServer } from "./started-server";

const server = startedServer();

async function connect(agent: RealtimeAgent, options: Partial<RealtimeSessionOptions<unknown>> = {}) {
  const { host, key } = server.current;
  const transport = new OpenAIRealtimeWebSocket({ url: `ws://${host}/v1/realtime?model=gpt-realtime` });
  const session = new RealtimeSession(agent, { transport, model: "gpt-realtime", ...options });
  const errors: unknown[] = [];
  session.on("error", (error) => errors.push(error));
  await session.connect({ apiKey: key });
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
    const { session, errors } = await connect(agent);
    session.sendMessage("What time is it?");
    await expect.poll(() => session.history.map(textOf)).toEqual(["What time is it?", "It is noon."]);
    await expect
      .poll(() => session.history.map((item) => "status" in item && item.status))
      .toEqual(["completed", "completed"]);
    expect(errors).toEqual([]);
  });

  it("audio in: the turn is heard, transcribed and answered with sound", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief." });
    const { session, errors } = await connect(agent);
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
    const { session, errors } = await connect(agent);
    session.sendMessage("What time is it?");
    await expect.poll(() => session.history.map(textOf).at(-1), { timeout: 5_000 }).toBe("It is 12:00.");
    expect(calls).toEqual([{ zone: "utc" }]);
    expect(session.history.find((item) => item.type === "function_call")).toMatchObject({
      name: "clock",
      output: "12:00",
    });
    expect(errors).toEqual([]);
  });

  it("an interruption stops the reply and cuts it to what was heard", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Tell stories." });
    const { session, errors } = await connect(agent);
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
    const { session, errors } = await connect(agent);
    session.sendMessage("One");
    await expect.poll(() => session.history.map(textOf)).toEqual(["One", "It is noon."]);
    session.updateHistory((history) => history.filter((item) => textOf(item) !== "One"));
    await expect.poll(() => session.history.map(textOf)).toEqual(["It is noon."]);
    expect(errors).toEqual([]);
  });

  it("a guardrail that trips is told, and the answer is given again", async () => {
    const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief." });
    const judged: string[] = [];
    const outputGuardrails = [
      {
        name: "no noon, the first time",
        execute: ({ agentOutput }: { agentOutput: unknown }) => {
          judged.push(String(agentOutput));
          return Promise.resolve({ tripwireTriggered: judged.length === 1, outputInfo: {} });
        },
      },
    ];
    const { session, errors } = await connect(agent, { outputGuardrails });
    let tripped = 0;
    session.on("guardrail_tripped", () => (tripped += 1));
    session.sendMessage("What time is it?");
    await expect.poll(() => judged.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(tripped).toBe(1);
    expect(judged.at(-1)).toContain("noon");
    expect(errors).toEqual([]);
  });
});
