import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pipeline } from "../../realtime/engine/pipeline";
import { tone } from "../../realtime/testing/index";
import { DONE, heard, listen, recogniser, samples, speak, upstream, type UpstreamScript } from "./realtime-test-kit";
import { all, failureOf, live } from "./test-kit";

describe("a realtime transcription", () => {
  it("asks as the protocol says, sends all audio, and passes on the words", async () => {
    const logprobs = [{ token: "good", logprob: -0.1, bytes: [103] }];
    const usage = {
      type: "tokens",
      input_tokens: 14,
      output_tokens: 5,
      total_tokens: 19,
      input_token_details: { audio_tokens: 12, text_tokens: 2 },
    };
    const server = await upstream({ completed: { logprobs, usage } });
    const settings = { language: "en", prompt: "Names.", keywords: ["Ada"], logprobs: true };
    const events = await heard(listen(server, { headers: { "x-team": "a" } }, settings));
    expect(events).toEqual([
      { type: "delta", text: "good" },
      { type: "delta", text: " day" },
      {
        type: "done",
        text: "good day",
        logprobs,
        usage: { type: "tokens", inputTokens: 14, outputTokens: 5, audioTokens: 12, textTokens: 2 },
      },
    ]);
    const [peer] = server.peers;
    expect(peer!.request.url).toBe("/v1/realtime?intent=transcription");
    expect(peer!.request.headers).toMatchObject({ authorization: "Bearer sk-secret-key", "x-team": "a" });
    expect(peer!.types()).toEqual(["session.update", "input_audio_buffer.append", "input_audio_buffer.commit"]);
    expect(peer!.of("session.update")[0]!.session).toEqual({
      type: "transcription",
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24_000 },
          transcription: { model: "gpt-x", language: "en", prompt: "Names.", keywords: ["Ada"] },
          turn_detection: null,
        },
      },
      include: ["item.input_audio_transcription.logprobs"],
    });
    expect(peer!.audio).toEqual(samples);
    expect(await peer!.closed).toBe(1000);
  });

  it("gives words while somebody still speaks", async () => {
    const server = await upstream({
      on: (frame, peer) => {
        if (frame.type !== "input_audio_buffer.append") return;
        peer.tell("delta", { delta: `w${peer.of(frame.type).length}`, logprobs: [{ token: "w", logprob: -1 }] });
      },
    });
    const stream = listen(server);
    const events = stream[Symbol.asyncIterator]();
    for (const word of ["w1", "w2", "w3"]) {
      stream.push(samples);
      expect((await events.next()).value).toEqual({
        type: "delta",
        text: word,
        logprobs: [{ token: "w", logprob: -1, bytes: [119] }],
      });
    }
    stream.finish();
  });

  it("gives what each speaker said, from a model that tells them apart", async () => {
    const segment = { id: "seg_1", speaker: "A", text: "good", start: 0, end: 0.4 };
    const server = await upstream({
      on: (frame, peer) => {
        if (frame.type === "input_audio_buffer.commit") peer.tell("segment", segment);
      },
    });
    const events = await heard(listen(server));
    expect(events[0]).toEqual({ type: "segment", ...segment });
    expect(events.at(-1)).toEqual(DONE);
  });

  it("transcribes whole recordings too, at any rate", async () => {
    const server = await upstream();
    const audio = tone({ ms: 2_500, sampleRate: 8_000 });
    expect((await all(recogniser(server).transcribe({ audio, signal: live() }))).at(-1)).toEqual(DONE);
    const sent = server.peers[0]!.audio;
    expect(sent).toHaveLength(60_000);
    const wanted = tone({ ms: 2_500 }).samples;
    expect(Math.max(...sent.subarray(500, -500).map((sample, i) => Math.abs(sample - wanted[i + 500]!)))).toBeLessThan(
      99,
    );
  });

  it("sends every sample in order, however it comes, from memory that is used again", async () => {
    const server = await upstream();
    const sizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 6 });
    const property = fc.asyncProperty(sizes, fc.boolean(), async (list, patient) => {
      const stream = listen(server);
      const block = new Int16Array(3_000);
      for (let at = 0, turn = 0; at < samples.length; turn++) {
        const chunk = samples.subarray(at, at + list[turn % list.length]!);
        block.set(chunk);
        stream.push(block.subarray(0, chunk.length));
        block.fill(7);
        at += chunk.length;
        if (patient && turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      stream.finish();
      await all(stream);
      expect(server.peers.at(-1)!.audio).toEqual(samples);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  it("fills up what is too short for servers, and asks nobody about nothing", async () => {
    const server = await upstream();
    const nothing = listen(server);
    nothing.push(new Int16Array(0));
    nothing.finish();
    expect(await all(nothing)).toEqual([{ type: "done", text: "" }]);
    expect(server.asked()).toBe(0);
    const short = listen(server);
    speak(short, samples.subarray(0, 240));
    await all(short);
    expect(server.peers[0]!.audio).toHaveLength(2_400);
  });

  it("joins what a server has cut up in spite of what it was told", async () => {
    const server = await upstream({
      on: (frame, peer) => {
        if (frame.type === "input_audio_buffer.append" && peer.of(frame.type).length === 1) {
          peer.tell("completed", { item_id: peer.commit(), transcript: "One moment." });
          peer.commit();
          peer.tell("delta", { delta: "Please" });
        }
        if (frame.type !== "input_audio_buffer.commit") return false;
        peer.send({ type: "error", error: { code: "input_audio_buffer_commit_empty", message: "too small" } });
        setTimeout(() => peer.tell("completed", { item_id: "item_2", transcript: " Please. " }), 5);
        return true;
      },
    });
    const stream = listen(server);
    const events = stream[Symbol.asyncIterator]();
    stream.push(samples);
    expect((await events.next()).value).toEqual({ type: "delta", text: "Please" });
    stream.finish();
    expect((await events.next()).value).toEqual({ type: "done", text: "One moment. Please." });
  });

  it("leaves out settings that a server turns out not to know, from then on", async () => {
    const server = await upstream({
      on: (frame, peer) => {
        const text = JSON.stringify(frame.session ?? {});
        const unknown = ["keywords", "include"].find((each) => text.includes(`"${each}"`));
        if (frame.type !== "session.update" || unknown === undefined) return false;
        const param = unknown === "include" ? "session.include[0]" : "session.audio.input.transcription.keywords";
        const error = { type: "invalid_request_error", code: "unknown_parameter", message: "no", param };
        peer.send({ type: "error", error: { ...error, event_id: frame.event_id } });
        return true;
      },
    });
    const stt = recogniser(server);
    const request = { sampleRate: 24_000, signal: live(), keywords: ["Ada"], prompt: "p", logprobs: true };
    for (const asked of [3, 1]) {
      expect((await heard(stt.listen!(request))).at(-1)).toEqual(DONE);
      expect(server.peers.at(-1)!.of("session.update")).toHaveLength(asked);
    }
    expect(JSON.stringify(server.peers[1]!.received[0])).toContain('"prompt":"p"');
  });

  it("serves a pipeline", async () => {
    const server = await upstream();
    const stream = pipeline({ stt: recogniser(server) }).listen!({ sampleRate: 24_000, signal: live() });
    expect((await heard(stream)).at(-1)).toEqual(DONE);
    await server.peers[0]!.closed;
  });
});

describe("before the first audio", () => {
  it("a connection that fails is made again, and nothing is lost", async () => {
    const server = await upstream({
      refuse: (index) => [503, 0][index],
      on: (frame, peer) => {
        if (frame.type !== "session.update" || peer.index > 0) return false;
        peer.socket.terminate();
        return true;
      },
    });
    expect((await heard(listen(server, { maxRetries: 3 }))).at(-1)).toEqual(DONE);
    expect(server.asked()).toBe(4);
    expect(server.peers[1]!.audio).toEqual(samples);
  });

  it("but only so often", async () => {
    const server = await upstream({ refuse: () => 500 });
    const stream = listen(server, { maxRetries: 1 });
    stream.push(samples);
    expect(await failureOf(stream)).toMatchObject({ stage: "stt", code: "provider_error", retryable: true });
    expect(server.asked()).toBe(2);
  });

  it.each([
    ["HTTP 401", { refuse: () => 401 }, "invalid_api_key", "The stt provider refused its API key."],
    [
      "an error, then a farewell",
      {
        on: (frame, peer) => {
          if (frame.type !== "session.update") return false;
          const error = { type: "invalid_request_error", code: "invalid_api_key", message: "Incorrect: sk-secret-key" };
          peer.send({ type: "error", error });
          peer.socket.close(3000, "invalid_request_error.invalid_api_key");
          return true;
        },
      },
      "invalid_api_key",
      "The stt provider refused its API key.",
    ],
    [
      "a farewell alone",
      {
        on: (frame, peer) => {
          peer.socket.close(4000, "invalid_request_error.invalid_model");
          return frame.type === "session.update";
        },
      },
      "not_found",
      'The stt provider does not know the model "gpt-x".',
    ],
    [
      "a setting that it will not have",
      {
        on: (frame, peer) => {
          if (frame.type !== "session.update") return false;
          const message = "Invalid value: 'xx'. Key sk-secret-key.";
          const param = "session.audio.input.transcription.language";
          peer.send({ type: "error", error: { type: "invalid_request_error", code: "invalid_value", message, param } });
          return true;
        },
      },
      "bad_request",
      "The stt provider rejected the request: Invalid value: 'xx'. Key ***.",
    ],
  ] as [string, UpstreamScript, string, string][])("a refusal is final: %s", async (_name, script, code, message) => {
    const server = await upstream(script);
    const stream = listen(server, { maxRetries: 3 }, { language: "xx" });
    stream.push(samples);
    expect(await failureOf(stream)).toMatchObject({ stage: "stt", code, message, retryable: false });
    expect(server.asked()).toBe(1);
  });

  it("nobody there: names host and port, and no key", async () => {
    const server = await upstream();
    server.close();
    const stream = listen(server);
    stream.push(samples);
    const { port } = new URL(server.baseURL);
    expect(await failureOf(stream)).toMatchObject({
      code: "unreachable",
      message: `Could not reach the stt provider at 127.0.0.1:${port}: connection refused.`,
      retryable: true,
    });
  });

  it("audio waits for a server that takes its time", async () => {
    const server = await upstream({
      on: (frame, peer) => {
        if (frame.type !== "session.update") return false;
        setTimeout(() => peer.send({ type: "session.updated", session: {} }), 80);
        return true;
      },
    });
    expect((await heard(listen(server))).at(-1)).toEqual(DONE);
    expect(server.peers[0]!.audio).toEqual(samples);
  });

  it("no server may take for ever, nor may more audio wait than it should", async () => {
    const server = await upstream({ on: () => true });
    const stream = listen(server, { timeoutMs: 40 });
    stream.push(samples);
    expect(await failureOf(stream)).toMatchObject({ code: "timeout", retryable: true });
    const full = listen(server, { maxWaitingMs: 1_000 });
    for (let i = 0; i < 3; i++) full.push(samples);
    expect(await failureOf(full)).toMatchObject({
      code: "provider_error",
      message: "The stt provider takes audio more slowly than it is spoken.",
    });
    await Promise.all(server.peers.map(({ closed }) => closed));
  });
});
