import { describe, expect, it, onTestFinished } from "vitest";
import { apiKeys } from "../door/auth";
import { pipeline } from "../engine/pipeline";
import { serve } from "../conformance/test-support";
import { RealtimeTestClient } from "./client";
import { scriptedLlm, scriptedStt, scriptedTts } from "./providers";
import { createTestRealtime } from "./realtime";
import { tone } from "./tone";

const engine = () => pipeline({ stt: scriptedStt({ hear: "good morning" }), llm: scriptedLlm(), tts: scriptedTts() });

function setUp() {
  const realtime = createTestRealtime({ engine: engine() });
  onTestFinished(() => realtime.close());
  return realtime;
}

describe("createTestRealtime", () => {
  it("holds a spoken turn without a network", async () => {
    const { client } = setUp();
    await client.next("session.created");
    client.send({
      type: "session.update",
      session: { type: "realtime", audio: { input: { transcription: {}, turn_detection: null } } },
    });
    await client.next("session.updated");
    await client.appendPcm(Buffer.from(tone({ ms: 500 }).samples.buffer));
    client.send({ type: "input_audio_buffer.commit" });
    client.send({ type: "response.create" });
    const turn = await client.collectUntil("response.done");
    const types = turn.map(({ type }) => type);
    expect(types).toContain("response.output_audio.delta");
    expect(types.at(-1)).toBe("response.done");
    expect(client.events.find(({ type }) => type.endsWith("transcription.completed"))).toMatchObject({
      transcript: "good morning",
    });
  });

  it("connects more clients to one handler, with keys", async () => {
    const realtime = createTestRealtime({ engine: engine(), authenticate: apiKeys(["a"]) }, { apiKey: "a" });
    onTestFinished(() => realtime.close());
    await realtime.client.next("session.created");
    const { client } = realtime.connect({ apiKey: "b" });
    expect((await client.next("error")).error.code).toBe("invalid_api_key");
    await realtime.close();
    expect((await realtime.client.closed).code).toBe(1001);
  });
});

describe("RealtimeTestClient", () => {
  it("passes over what is not waited for, and goes on from there", async () => {
    const { client } = setUp();
    client.send({ type: "input_audio_buffer.clear", event_id: "1" });
    client.send({ type: "response.cancel", event_id: "2" });
    expect((await client.next((event) => event.type === "error")).type).toBe("error");
    await expect(client.next("input_audio_buffer.cleared", { timeoutMs: 10 })).rejects.toThrow(
      "Came instead: nothing.",
    );
    expect(client.events.map(({ type }) => type)).toEqual(["session.created", "input_audio_buffer.cleared", "error"]);
  });

  it("says what came instead, errors in their own words", async () => {
    const { client } = setUp();
    client.send({ type: "response.cancel" });
    await expect(client.next("response.done", { timeoutMs: 50 })).rejects.toThrow(
      'Waited 50 ms for "response.done". Came instead: session.created, error (Cancellation failed: no active response found).',
    );
  });

  it("stops waiting when the connection ends", async () => {
    const { client } = setUp();
    await client.next("session.created");
    const waiting = client.next("response.done");
    void client.close(1000, "bye");
    await expect(waiting).rejects.toThrow('Closed with 1000 "bye".');
    await expect(client.next("response.done")).rejects.toThrow("the connection is closed");
  });

  it("sends audio in pieces, at the pace of speech if asked", async () => {
    const { client } = setUp();
    await client.next("session.created");
    const startedAt = performance.now();
    await client.appendPcm(Buffer.alloc(4_800), { chunkMs: 20, realtime: true });
    expect(performance.now() - startedAt).toBeGreaterThan(80);
    client.send({ type: "input_audio_buffer.commit" });
    expect((await client.next("input_audio_buffer.committed")).item_id).toMatch(/^item_/);
  });

  it("speaks over a real WebSocket just the same", async () => {
    const { handler } = setUp();
    const client = await RealtimeTestClient.connect(`ws://${await serve(handler)}/v1/realtime?model=antiphon`);
    await client.next("session.created");
    client.sendRaw("nonsense");
    expect((await client.next("error")).error.code).toBe("invalid_json");
    expect(await client.close(1000, "done")).toEqual({ code: 1000, reason: "done" });
  });
});
