/** What happens to an utterance once its audio is on the way. */
import { describe, expect, it } from "vitest";
import { DONE, heard, listen, samples, speak, upstream, type UpstreamScript } from "./realtime-test-kit";
import { failureOf } from "./test-kit";

type Act = NonNullable<UpstreamScript["on"]>;

const onAudio = (act: Act): UpstreamScript => ({
  on: (frame, peer) => (frame.type === "input_audio_buffer.append" ? act(frame, peer) : false),
});
const onCommit = (act: Act): UpstreamScript => ({
  on: (frame, peer) => (frame.type === "input_audio_buffer.commit" ? act(frame, peer) : false),
});

describe("in the middle of an utterance", () => {
  it.each([
    [
      "a cut connection",
      onAudio((_frame, peer) => peer.socket.terminate()),
      { code: "connection_lost", message: "The connection to the stt provider broke off.", retryable: true },
    ],
    [
      "an error",
      onAudio((_frame, peer) => peer.send({ type: "error", error: { type: "server_error", message: "out of luck" } })),
      { code: "provider_error", message: "The stt provider failed: out of luck", retryable: true },
    ],
    [
      "no JSON",
      onAudio((_frame, peer) => peer.send("{oops")),
      { code: "bad_response", message: "The stt provider sent something that is not valid JSON." },
    ],
    ["half an event", onAudio((_frame, peer) => peer.tell("completed", {})), { code: "bad_response" }],
    [
      "words that could not be found",
      onCommit((_frame, peer) => {
        peer.tell("failed", { error: { type: "server_error", code: "rate_limit_exceeded", message: "slowly" } });
        return true;
      }),
      { code: "rate_limit_exceeded", message: "The stt provider gets too many requests: slowly", retryable: true },
    ],
    [
      "an end too soon",
      onCommit((_frame, peer) => {
        peer.tell("delta", { delta: "good" });
        peer.socket.close(1000);
        return true;
      }),
      { code: "connection_lost" },
    ],
    [
      "silence at the end",
      onCommit(() => true),
      { code: "timeout", message: "The stt provider sent nothing for 0.1 s." },
    ],
  ] as const)("%s is told to the reader, and nobody is asked again", async (_name, script, error) => {
    const server = await upstream(script);
    const stream = listen(server, { maxRetries: 3, timeoutMs: 100 });
    speak(stream);
    expect(await failureOf(stream)).toMatchObject({ stage: "stt", ...error });
    await server.peers[0]!.closed;
    expect(server.asked()).toBe(1);
  });

  it("a server that is slow but alive has its time", async () => {
    const server = await upstream(
      onCommit((_frame, peer) => {
        const item_id = peer.commit();
        for (let i = 1; i <= 4; i++) setTimeout(() => peer.tell("delta", { delta: `${i}` }), i * 60);
        setTimeout(() => peer.tell("completed", { item_id, transcript: "1234" }), 300);
        return true;
      }),
    );
    expect((await heard(listen(server, { timeoutMs: 150 }))).at(-1)).toEqual({ type: "done", text: "1234" });
  });

  it("a server that stops reading is given up before it costs memory", async () => {
    const server = await upstream(onAudio((_frame, peer) => void peer.socket.pause()));
    const stream = listen(server, { maxWaitingMs: 5_000 });
    stream.push(samples);
    while (server.peers[0]?.of("input_audio_buffer.append").length !== 1) await later(1);
    const second = Int16Array.from({ length: 24_000 }, (_, i) => i);
    let pushed = 0;
    const feeding = setInterval(() => {
      // Faster than it is spoken, and no faster than a listening server takes it.
      for (let i = 0; i < 4; i++, pushed++) stream.push(second);
    }, 5);
    expect(await failureOf(stream)).toMatchObject({ code: "provider_error", retryable: true });
    clearInterval(feeding);
    // The network takes some of it; all the rest would have waited here.
    expect(pushed).toBeGreaterThan(5);
    expect(pushed).toBeLessThan(1_000);
  });

  it("a server that reads is given as much, as fast", async () => {
    const server = await upstream();
    const stream = listen(server, { maxWaitingMs: 5_000 });
    const second = Int16Array.from({ length: 24_000 }, (_, i) => i);
    for (let i = 0; i < 60; i += 4) {
      for (let k = 0; k < 4; k++) stream.push(second);
      while ((server.peers[0]?.audio.length ?? 0) < (i + 4) * 24_000) await later(1);
    }
    stream.finish();
    const events = stream[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: "delta", text: "good" });
  });

  it.each(["before", "connecting", "speaking", "finished"])("an abort ends it at once: %s", async (when) => {
    const abort = new AbortController();
    const server = await upstream({
      on: (frame) => when === "connecting" || frame.type === "input_audio_buffer.commit",
    });
    if (when === "before") abort.abort(new Error("enough"));
    const stream = listen(server, {}, { signal: abort.signal });
    const reading = failureOf(stream);
    stream.push(samples);
    if (when === "finished") stream.finish();
    const wanted = { before: 0, connecting: 1, speaking: 2, finished: 3 }[when]!;
    while ((server.peers[0]?.received.length ?? 0) < wanted) await later(1);
    abort.abort(new Error("enough"));
    expect(await reading).toBe(abort.signal.reason);
    stream.push(samples);
    stream.finish();
    expect(server.asked()).toBe(when === "before" ? 0 : 1);
    await server.peers[0]?.closed;
  });

  it("a reader that leaves closes the connection", async () => {
    const server = await upstream();
    const stream = listen(server);
    speak(stream);
    for await (const event of stream) {
      expect(event).toEqual({ type: "delta", text: "good" });
      break;
    }
    expect(await server.peers[0]!.closed).toBe(1000);
  });

  it("what comes after the words is not heard", async () => {
    const server = await upstream(
      onCommit((_frame, peer) => {
        peer.tell("completed", { item_id: peer.commit(), transcript: "good day", usage: DONE.usage });
        peer.send({ type: "error", error: { type: "server_error", message: "too late" } });
        return true;
      }),
    );
    expect(await heard(listen(server))).toEqual([DONE]);
  });
});

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
