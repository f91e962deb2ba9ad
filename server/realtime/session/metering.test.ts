/** What sessions reserve, settle and tell of their usage, where it is not plainly a response of the whole conversation. */
import { describe, expect, it, onTestFinished } from "vitest";
import { engineFor } from "../conformance/test-relay";
import { recordingObserver, testHandler } from "../conformance/test-support";
import { testUpstream } from "../conformance/test-upstream";
import { pipeline } from "../engine/pipeline";
import { allowAnyone } from "../door/auth";
import type { RealtimeHandlerOptions } from "../options";
import { ProtocolError } from "../protocol/errors";
import type { ResponseUsage } from "../protocol/responses";
import { connectInMemory, scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone } from "../testing";
import type { MemoryConnectOptions } from "../testing/realtime";
import type { RateLimit, UsageGate } from "../usage-gate";
import { loadTokenizer } from "./tokenizer";

interface CountingGate extends UsageGate {
  readonly reserved: number[];
  readonly settled: number[];
  /** Nothing is left from now on. */
  full: boolean;
}

const LIMITS: readonly RateLimit[] = [{ name: "tokens", limit: 1_000, remaining: 7, reset_seconds: 3 }];

function countingGate(): CountingGate {
  const gate: CountingGate = {
    reserved: [],
    settled: [],
    full: false,
    open: () => ({
      reserve: async (tokens) => {
        if (gate.full)
          throw new ProtocolError("Nothing is left.", { type: "rate_limit_error", code: "rate_limit_exceeded" });
        gate.reserved.push(tokens);
        return { settle: (used) => void gate.settled.push(used) };
      },
      limits: () => LIMITS,
      close: () => undefined,
    }),
  };
  return gate;
}

interface Parts {
  readonly options?: Partial<RealtimeHandlerOptions>;
  readonly connect?: MemoryConnectOptions;
  readonly contextTokens?: number;
}

async function open({ options, connect, contextTokens }: Parts = {}) {
  await loadTokenizer();
  const gate = countingGate();
  const observer = recordingObserver();
  const faults: unknown[] = [];
  const llm = scriptedLlm({ reply: "Four words it says." });
  const engine = pipeline({
    stt: scriptedStt({ hear: "one two three four" }),
    llm,
    tts: scriptedTts({ msPerChar: 5 }),
    vad: scriptedVad(),
    ...(contextTokens !== undefined && { contextTokens }),
  });
  const handler = testHandler({
    engine,
    usage: gate,
    observers: [observer],
    onError: (error) => faults.push(error),
    ...options,
  });
  const { client } = connectInMemory(handler, connect);
  await client.next("session.created");
  const usages = (): ResponseUsage[] =>
    observer.seen.flatMap(({ observation }) => (observation.type === "usage" ? [observation.usage] : []));
  const send = (event: object): void => client.sendRaw(JSON.stringify(event));
  return { gate, handler, client, llm, faults, usages, send };
}

const audio = (ms: number, amplitude?: number): string => {
  const { samples } = tone({ ms, ...(amplitude === undefined ? {} : { amplitude }) });
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString("base64");
};
const sum = (usages: readonly ResponseUsage[]): number => usages.reduce((all, each) => all + each.total_tokens, 0);

describe("a conversation", () => {
  it("reserves what its model is given, not what truncation leaves out", async () => {
    const { gate, client, send } = await open({ contextTokens: 200 });
    send({
      type: "session.update",
      session: { type: "realtime", instructions: "Be kind.", output_modalities: ["text"] },
    });
    for (let i = 0; i < 20; i++)
      send({
        type: "conversation.item.create",
        item: { type: "message", role: "user", content: [{ type: "input_text", text: "one two three ".repeat(6) }] },
      });
    send({ type: "response.create", response: { max_output_tokens: 10 } });
    const { response } = await client.next("response.done");
    expect(response.status).toBe("completed");
    expect(gate.reserved).toEqual([(response.usage?.input_tokens ?? 0) + 10]);
    expect(gate.reserved[0]).toBeLessThan(200);
    expect(gate.settled).toEqual([response.usage?.total_tokens]);
  });

  it("tells that a response which was refused took nothing", async () => {
    const { gate, client, send, llm } = await open();
    gate.full = true;
    send({ type: "response.create" });
    const { response } = await client.next("response.done");
    expect(response).toMatchObject({ status: "failed", usage: { total_tokens: 0 } });
    expect(llm.calls).toHaveLength(0);
  });
});

describe("a transcription", () => {
  const connect = { model: null, query: { intent: "transcription" } };
  const completed = "conversation.item.input_audio_transcription.completed";

  it("reserves and settles each turn, and is told of where the session is looked at", async () => {
    const { gate, client, usages, send, handler } = await open({ connect });
    for (let turn = 1; turn <= 2; turn++) {
      send({ type: "input_audio_buffer.append", audio: audio(1_000) });
      send({ type: "input_audio_buffer.commit" });
      await client.next(completed);
      await expect.poll(() => gate.settled.length).toBe(turn);
    }
    // 1 second is 10 tokens, and four words are four.
    expect(usages()).toMatchObject([
      { input_tokens: 10, output_tokens: 4 },
      { input_tokens: 10, output_tokens: 4 },
    ]);
    expect(gate.reserved).toEqual([14, 14]);
    expect(gate.settled).toEqual([14, 14]);
    const [live] = handler.sessions.list();
    expect(live?.usage).toMatchObject({ total_tokens: 28, input_token_details: { audio_tokens: 20 } });
    const shown = await handler.fetch(new Request(`http://x/v1/realtime/sessions/${live?.sessionId ?? ""}`));
    expect(await shown.json()).toMatchObject({ usage: { total_tokens: 28 } });
  });

  it("says so where there is no room for a turn, and goes on", async () => {
    const { gate, client, send, faults } = await open({ connect });
    gate.full = true;
    send({ type: "input_audio_buffer.append", audio: audio(1_000) });
    send({ type: "input_audio_buffer.commit" });
    const { error } = await client.next("conversation.item.input_audio_transcription.failed");
    expect(error).toMatchObject({ type: "rate_limit_error", code: "rate_limit_exceeded" });
    expect(faults).toEqual([]);
    gate.full = false;
    send({ type: "input_audio_buffer.append", audio: audio(1_000) });
    send({ type: "input_audio_buffer.commit" });
    await client.next(completed);
  });
});

describe("a translation", () => {
  const connect = { path: "/v1/realtime/translations" };
  const append = (data: string): object => ({ type: "session.input_audio_buffer.append", audio: data });

  it("reserves and settles each clause, and pays for all that it heard and spoke", async () => {
    const { gate, client, usages, send, handler } = await open({ connect });
    const [live] = handler.sessions.list();
    for (let turn = 0; turn < 2; turn++) {
      send(append(audio(800)));
      send(append(audio(600, 0)));
    }
    await expect.poll(() => gate.settled.length).toBe(2);
    expect(handler.sessions.find(live?.sessionId ?? "")?.usage.total_tokens).toBe(sum(usages()));
    send({ type: "session.close" });
    await client.next("session.closed");
    await client.closed;
    expect(gate.reserved).toHaveLength(2);
    expect(gate.settled.reduce((all, each) => all + each, 0)).toBeLessThanOrEqual(sum(usages()));
    const spokenMs = client.events
      .flatMap((event) => (event.type === "session.output_audio.delta" ? [event.delta] : []))
      .reduce((ms, delta) => ms + Buffer.from(delta, "base64").length / 48, 0);
    const spoken = usages().reduce((all, each) => all + each.output_token_details.audio_tokens, 0);
    expect(spokenMs).toBeGreaterThan(0);
    expect(spoken).toBeGreaterThanOrEqual(Math.ceil(spokenMs / 50));
    const heard = usages().reduce((all, each) => all + each.input_token_details.audio_tokens, 0);
    // Two utterances of 0.8 s, with the silence at their ends.
    expect(heard).toBeGreaterThanOrEqual(16);
    expect(heard).toBeLessThanOrEqual(30);
    for (const usage of usages().slice(0, 2)) expect(usage.input_token_details.text_tokens).toBeGreaterThan(50);
  });

  it("loses a clause for which there is no room, says so, and goes on", async () => {
    const { gate, client, send, faults, llm } = await open({ connect });
    gate.full = true;
    send(append(audio(800)));
    send(append(audio(600, 0)));
    expect((await client.next("error")).error).toMatchObject({ code: "rate_limit_exceeded" });
    expect(faults).toEqual([]);
    expect(llm.calls).toHaveLength(0);
    gate.full = false;
    send(append(audio(800)));
    send(append(audio(600, 0)));
    expect((await client.next("session.output_transcript.delta")).delta).toContain("Four");
  });
});

describe("a relay", () => {
  const created = (id: string, more: object = {}): object => ({
    type: "response.created",
    event_id: `event_${id}`,
    response: { id, object: "realtime.response", ...more },
  });
  const done = (id: string, status: string): object => ({
    type: "response.done",
    event_id: `event_${id}_done`,
    response: {
      ...{ id, object: "realtime.response", status, output: [] },
      usage: { total_tokens: 70, input_tokens: 50, output_tokens: 20 },
    },
  });
  const theirs = {
    type: "rate_limits.updated",
    event_id: "e",
    rate_limits: [{ name: "tokens", limit: 1, remaining: 0 }],
  };

  async function relayed() {
    const upstream = await testUpstream();
    const { gate, client } = await open({ options: { engine: engineFor(upstream), authenticate: allowAnyone() } });
    const peer = await upstream.peer(0);
    onTestFinished(() => peer.socket.terminate());
    return { gate, client, peer };
  }

  it("reserves for each response what the last was given, and tells its own limits, not the other server's", async () => {
    const { gate, client, peer } = await relayed();
    for (const event of [created("resp_1"), theirs, done("resp_1", "completed")]) peer.send(event);
    expect((await client.next("rate_limits.updated")).rate_limits).toEqual(LIMITS);
    peer.send(created("resp_2", { max_output_tokens: 5 }));
    await client.next("response.created");
    await expect.poll(() => gate.reserved).toEqual([600, 55]);
    expect(gate.settled).toEqual([70]);
    await client.close();
    // It was under way: for all that is known it took what was reserved.
    await expect.poll(() => gate.settled).toEqual([70, 55]);
    expect(client.events.filter(({ type }) => type === "rate_limits.updated")).toHaveLength(1);
  });

  it("cancels a response for which there is no room, and tells that it failed", async () => {
    const { gate, client, peer } = await relayed();
    gate.full = true;
    peer.send(created("resp_1"));
    expect(await peer.next("response.cancel")).toMatchObject({ response_id: "resp_1" });
    peer.send(done("resp_1", "cancelled"));
    expect((await client.next("response.done")).response).toMatchObject({
      status: "failed",
      status_details: { type: "failed", error: { code: "rate_limit_exceeded" } },
    });
    gate.full = false;
    peer.send(created("resp_2"));
    peer.send(done("resp_2", "completed"));
    expect((await client.next("response.done")).response.status).toBe("completed");
  });
});
