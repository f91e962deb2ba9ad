import { describe, expect, it, onTestFinished } from "vitest";
import { apiKeys } from "../door/auth";
import { pipeline } from "../engine/pipeline";
import { relay } from "../engine/relay";
import type { RealtimeHandlerOptions } from "../options";
import { recordingObserver, serve, testHandler, textTurn } from "../conformance/test-support";
import { scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone, type ScriptedLlmOptions } from "../testing";
import { connectInMemory } from "../testing/realtime";
import { relayTo } from "../testing/webrtc-relay";
import { callOver, makeOffer, type TestPeerOptions } from "../testing/webrtc-peer";

const engine = (llm: ScriptedLlmOptions = {}) =>
  pipeline({
    stt: scriptedStt({ hear: "hello there" }),
    llm: scriptedLlm(llm),
    tts: scriptedTts(),
    vad: scriptedVad(),
  });

function setUp(options: Partial<RealtimeHandlerOptions> = {}, llm: ScriptedLlmOptions = {}) {
  const handler = testHandler({
    engine: engine(llm),
    authenticate: apiKeys(["sk-one"]),
    webrtc: { bindAddress: "127.0.0.1" },
    ...options,
  });
  const call = async (more: TestPeerOptions = {}) => {
    const peer = await callOver(handler.fetch, { apiKey: "sk-one", ...more });
    onTestFinished(() => peer.close());
    return peer;
  };
  const post = async (path: string, body?: object, key = "sk-one") => {
    const request = new Request(`http://x/v1/realtime/calls/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await handler.fetch(request);
    const text = await response.text();
    return { status: response.status, error: text === "" ? undefined : (JSON.parse(text) as { error: object }).error };
  };
  return { handler, call, post };
}

const silence = (ms: number): Int16Array => tone({ ms, amplitude: 0 }).samples;

describe("a call over WebRTC", () => {
  it("is answered with 201, an SDP and its place; greets on the data channel", async () => {
    const { call, handler } = setUp();
    const peer = await call();
    expect(peer.location).toMatch(/^\/v1\/realtime\/calls\/rtc_[\w-]{21}$/);
    expect(peer.answer).toMatch(/a=rtpmap:111 opus\/48000\/2/);
    const { session } = await peer.client.next("session.created");
    expect(handler.sessions.list()).toMatchObject([
      { sessionId: session.id, callId: peer.callId, transport: "webrtc" },
    ]);
    expect(await textTurn(peer.client)).not.toBe("");
  });

  it("hears a spoken turn and answers it aloud, on the track and not in events", async () => {
    const observer = recordingObserver();
    const { call } = setUp(
      { observers: [observer] },
      { reply: "Yes, I do, and I can count: one, two, three, four, five." },
    );
    const peer = await call();
    await peer.client.next("session.created");
    await peer.say(tone({ ms: 600 }).samples);
    await peer.say(silence(900));
    await peer.client.next("output_audio_buffer.started", { timeoutMs: 5_000 });
    await peer.client.next("output_audio_buffer.stopped", { timeoutMs: 10_000 });
    const types = peer.client.events.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["input_audio_buffer.speech_started", "response.done"]));
    expect(types).not.toContain("response.output_audio.delta");
    expect(types.indexOf("response.done")).toBeLessThan(types.indexOf("output_audio_buffer.stopped"));
    const loud = peer.heard.filter(({ samples }) => samples.some((sample) => Math.abs(sample) > 1_000));
    expect(loud.length).toBeGreaterThan(10);
    // 20 ms frames, one after the other in their time: no burst.
    const took = (loud.at(-1)?.at ?? 0) - (loud[0]?.at ?? 0);
    expect(took).toBeGreaterThan((loud.length - 1) * 20 - 150);
    const spoken = observer.seen.filter(({ observation }) => observation.type === "output-audio");
    expect(spoken.length).toBeGreaterThan(0);
  });

  it("an interruption clears the buffer and cuts the item at the millisecond that was heard", async () => {
    const { call } = setUp({}, { reply: "One two three four five six seven eight nine ten eleven twelve thirteen." });
    const peer = await call();
    peer.client.send({ type: "response.create" });
    const { response_id } = await peer.client.next("output_audio_buffer.started", { timeoutMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    void peer.say(tone({ ms: 400 }).samples);
    expect(await peer.client.next("output_audio_buffer.cleared", { timeoutMs: 5_000 })).toMatchObject({ response_id });
    const cut = await peer.client.next("conversation.item.truncated");
    const heardMs = peer.heard.length * 20;
    expect(cut.audio_end_ms).toBeGreaterThan(200);
    expect(Math.abs(cut.audio_end_ms - heardMs)).toBeLessThan(150);
    const heardUntil = peer.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(peer.heard.length - heardUntil).toBeLessThan(5);
    peer.client.send({ type: "conversation.item.retrieve", item_id: cut.item_id });
    const { item } = await peer.client.next("conversation.item.retrieved");
    expect(item).toMatchObject({ content: [{ transcript: expect.stringMatching(/^One two/) as string }] });
    expect(JSON.stringify(item)).not.toContain("thirteen");
  });

  it("the client clears the output by itself", async () => {
    const { call } = setUp({}, { reply: "One two three four five six seven eight nine ten eleven twelve thirteen." });
    const peer = await call();
    peer.client.send({ type: "response.create" });
    await peer.client.next("output_audio_buffer.started", { timeoutMs: 5_000 });
    peer.client.send({ type: "output_audio_buffer.clear" });
    await peer.client.next("output_audio_buffer.cleared");
    await peer.client.next("conversation.item.truncated");
    // With nothing left to clear it is no fault.
    peer.client.send({ type: "output_audio_buffer.clear" });
    expect(await textTurn(peer.client)).not.toBe("");
    expect(peer.client.events.filter(({ type }) => type === "error")).toEqual([]);
  });

  it("takes a session beside the offer, the older form, and a client secret", async () => {
    const { call, handler } = setUp();
    const session = { type: "realtime", model: "gpt-realtime", instructions: "Be brief." };
    const form = await call({ path: "/v1/realtime/calls", session });
    expect((await form.client.next("session.created")).session).toMatchObject({ instructions: "Be brief." });
    const older = await call({ path: "/v1/realtime?model=gpt-realtime" });
    expect((await older.client.next("session.created")).session).toMatchObject({ model: "gpt-realtime" });
    const minted = await handler.fetch(
      new Request("http://x/v1/realtime/client_secrets", {
        method: "POST",
        headers: { authorization: "Bearer sk-one", "content-type": "application/json" },
        body: JSON.stringify({ session }),
      }),
    );
    const { value } = (await minted.json()) as { value: string };
    const browser = await call({ path: "/v1/realtime/calls", apiKey: value });
    expect((await browser.client.next("session.created")).session).toMatchObject({ instructions: "Be brief." });
  });

  it.each([
    ["no key", { apiKey: "sk-wrong" }, /^401 .*invalid_api_key/],
    ["no model", { path: "/v1/realtime/calls" }, /^400 .*missing_model/],
    ["an unknown model", { path: "/v1/realtime/calls?model=nope" }, /^400 .*invalid_model/],
    ["a session that is none", { session: { type: "realtime", nope: 1 } }, /^400 .*session\.nope/],
    [
      "a format that no track has",
      { session: { type: "realtime", audio: { input: { format: { type: "audio/pcmu" } } } } },
      /^400 .*session\.audio\.input\.format/,
    ],
  ])("is refused with %s, before there is a session", async (_what, options, message) => {
    const { call, handler } = setUp();
    await expect(call(options)).rejects.toThrow(message);
    expect(handler.sessions.list()).toEqual([]);
  });

  it("refuses a body that is no offer", async () => {
    const { handler } = setUp();
    const send = async (type: string, body: string) => {
      const request = new Request("http://x/v1/realtime/calls?model=antiphon", {
        method: "POST",
        headers: { authorization: "Bearer sk-one", "content-type": type },
        body,
      });
      const response = await handler.fetch(request);
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
    };
    expect(await send("application/sdp", "hello")).toEqual([400, "invalid_offer"]);
    expect(await send("application/sdp", "")).toEqual([400, "missing_required_parameter"]);
    expect(await send("text/plain", "v=0")).toEqual([415, "unsupported_content_type"]);
    expect(await send("multipart/form-data; boundary=x", "nonsense")).toEqual([400, "invalid_form"]);
    expect(await send("application/sdp", "v=0\r\n".repeat(300_000))).toEqual([413, "request_too_large"]);
  });

  it("reaches a model of another server: what is heard goes there, what it says is played here", async () => {
    const upstream = testHandler({ engine: engine({ reply: "Yes, from far away, and at some length." }) });
    const { call } = setUp({ engine: relay({ url: `ws://${await serve(upstream)}` }) });
    const peer = await call();
    await peer.client.next("session.created", { timeoutMs: 5_000 });
    await peer.say(tone({ ms: 600 }).samples);
    await peer.say(silence(900));
    await peer.client.next("output_audio_buffer.started", { timeoutMs: 5_000 });
    await peer.client.next("output_audio_buffer.stopped", { timeoutMs: 10_000 });
    expect(peer.client.events.map(({ type }) => type)).not.toContain("response.output_audio.delta");
    expect(peer.heard.some(({ samples }) => samples.some((sample) => Math.abs(sample) > 1_000))).toBe(true);
  });

  it("ends when the client hangs up", async () => {
    const { call, handler } = setUp();
    const peer = await call();
    await peer.client.next("session.created");
    peer.close();
    await expect.poll(() => handler.sessions.list(), { timeout: 5_000 }).toEqual([]);
  });

  it("ends when the client vanishes, although it was quiet before", async () => {
    const { call, handler } = setUp({ webrtc: { bindAddress: "127.0.0.1", idleTimeoutMs: 1_000 } });
    let lose = false;
    const peer = await call({
      changeAnswer: async (answer) => {
        const relay = await relayTo(answer, () => ({ loss: lose ? 1 : 0, jitterMs: 0 }));
        onTestFinished(relay.close);
        return relay.sdp;
      },
    });
    await peer.client.next("session.created");
    // It is muted for longer than the timeout, and is not taken for dead.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(handler.sessions.list()).toHaveLength(1);
    lose = true;
    await expect.poll(() => handler.sessions.list(), { timeout: 6_000 }).toEqual([]);
  });

  it("5 % loss, 60 ms of jitter and packets out of order: the turn is heard whole, and in its time", async () => {
    const observer = recordingObserver();
    const { call } = setUp({ observers: [observer] });
    const weather = { loss: 0, jitterMs: 0 };
    const peer = await call({
      changeAnswer: async (answer) => {
        const relay = await relayTo(answer, () => weather);
        onTestFinished(relay.close);
        return relay.sdp;
      },
    });
    await peer.client.next("session.created");
    Object.assign(weather, { loss: 0.05, jitterMs: 60 });
    await peer.say(tone({ ms: 1_200 }).samples);
    await peer.say(silence(1_200));
    await peer.client.next("input_audio_buffer.speech_stopped", { timeoutMs: 5_000 });
    await peer.client.next("output_audio_buffer.stopped", { timeoutMs: 15_000 });
    const heard = observer.seen.flatMap(({ observation }) =>
      observation.type === "input-audio"
        ? [new Int16Array(observation.audio.buffer, observation.audio.byteOffset, observation.audio.length / 2)]
        : [],
    );
    const loudMs = heard.filter((samples) => samples.some((sample) => Math.abs(sample) > 1_000)).length * 20;
    expect(loudMs).toBeGreaterThan(1_050);
    expect(loudMs).toBeLessThan(1_400);
    expect(peer.heard.some(({ samples }) => samples.some((sample) => Math.abs(sample) > 1_000))).toBe(true);
  });

  it("an offer that nobody follows up is forgotten", async () => {
    const { handler } = setUp({ webrtc: { bindAddress: "127.0.0.1", connectTimeoutMs: 300 } });
    const { sdp, connection } = await makeOffer();
    onTestFinished(() => connection.close());
    const request = new Request("http://x/v1/realtime/calls?model=antiphon", {
      method: "POST",
      headers: { authorization: "Bearer sk-one", "content-type": "application/sdp" },
      body: sdp,
    });
    expect((await handler.fetch(request)).status).toBe(201);
    expect(handler.sessions.list()).toHaveLength(1);
    await expect.poll(() => handler.sessions.list(), { timeout: 5_000 }).toEqual([]);
  });

  it("many calls share one UDP port", async () => {
    const udpPort = 40_000 + Math.floor(Math.random() * 10_000);
    const { call } = setUp({ webrtc: { bindAddress: "127.0.0.1", udpPort } });
    const peers = await Promise.all(Array.from({ length: 5 }, () => call()));
    for (const peer of peers) {
      expect(peer.answer).toContain(` 127.0.0.1 ${udpPort} typ host`);
      await peer.client.next("session.created");
    }
  });

  it("a sideband joins it by its call id", async () => {
    const { call, handler } = setUp();
    const peer = await call();
    const { session } = await peer.client.next("session.created");
    const side = connectInMemory(handler, { apiKey: "sk-one", model: null, query: { call_id: peer.callId } });
    expect((await side.client.next("session.created")).session.id).toBe(session.id);
    await textTurn(side.client);
    await peer.client.next("response.done");
  });

  it("an event too large for the data channel is told in another way", async () => {
    const { call } = setUp({}, { reply: "é".repeat(200_000) });
    const peer = await call();
    const text = await textTurn(peer.client).catch(() => "");
    const pieces = peer.client.events.flatMap((event) =>
      event.type === "response.output_text.delta" ? [event.delta] : [],
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("é".repeat(200_000));
    expect(text).toBe("");
    expect(peer.client.events.find(({ type }) => type === "error")).toMatchObject({
      error: { code: "event_too_large" },
    });
  });
});

describe("call control", () => {
  it("hangs up", async () => {
    const { call, post, handler } = setUp();
    const peer = await call();
    await peer.client.next("session.created");
    expect(await post(`${peer.callId}/hangup`)).toEqual({ status: 200, error: undefined });
    await peer.client.closed;
    await expect.poll(() => handler.sessions.list()).toEqual([]);
    expect(await post(`${peer.callId}/hangup`)).toMatchObject({ status: 404, error: { code: "call_not_found" } });
  });

  it("says what a WebRTC call cannot do", async () => {
    const { call, post } = setUp();
    const { callId } = await call();
    for (const [verb, body, code] of [
      ["accept", { type: "realtime" }, "call_already_answered"],
      ["reject", {}, "call_already_answered"],
      ["refer", { target_uri: "tel:+14155550123" }, "call_not_referable"],
    ] as const) {
      expect(await post(`${callId}/${verb}`, body)).toMatchObject({ status: 400, error: { code } });
    }
  });
});
