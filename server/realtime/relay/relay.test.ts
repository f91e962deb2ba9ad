import { describe, expect, it } from "vitest";
import { relay, type RelayOptions } from "../engine/relay";
import type { RealtimeHandlerOptions } from "../options";
import type { ClientEvent } from "../protocol/client-events";
import { dial, listen, recordingObserver, serve, testHandler, textEngine } from "../test-support";
import { connectInMemory, type RealtimeTestClient } from "../testing";
import { greet, sessionEvent, testUpstream, type TestUpstream } from "../test-upstream";

const SECRET = "sk-upstream-secret";

interface Front {
  readonly client: RealtimeTestClient;
  readonly faults: unknown[];
}

function engineFor({ url }: Pick<TestUpstream, "url">, options: Partial<RelayOptions> = {}) {
  return relay({ url, apiKey: SECRET, retryDelayMs: 1, connectTimeoutMs: 2_000, ...options });
}

/** A client before a relay before that upstream. */
async function front(
  upstream: Pick<TestUpstream, "url">,
  options: Partial<RelayOptions> = {},
  handler: Partial<RealtimeHandlerOptions> = {},
): Promise<Front> {
  const faults: unknown[] = [];
  const realtime = testHandler({
    engine: engineFor(upstream, options),
    onError: (error) => void faults.push(error),
    ...handler,
  });
  const host = await serve(realtime);
  return { client: await dial(host), faults };
}

async function opened(options: Partial<RealtimeHandlerOptions> = {}, relayOptions: Partial<RelayOptions> = {}) {
  const upstream = await testUpstream();
  const { client, faults } = await front(upstream, relayOptions, options);
  await client.next("session.created");
  return { client, faults, upstream, peer: await upstream.peer(0) };
}

const created = {
  type: "response.created",
  event_id: "event_1",
  response: { id: "resp_1", object: "realtime.response" },
};
const done = {
  type: "response.done",
  event_id: "event_9",
  response: {
    id: "resp_1",
    object: "realtime.response",
    status: "completed",
    output: [],
    usage: { total_tokens: 7, input_tokens: 3, output_tokens: 4 },
  },
};
const delta = (bytes: number, index = 0) => ({
  type: "response.output_audio.delta",
  event_id: `event_audio_${index}`,
  response_id: "resp_1",
  item_id: "item_1",
  output_index: 0,
  content_index: 0,
  delta: Buffer.alloc(bytes, index).toString("base64"),
});

describe("what passes through a relay", () => {
  it("asks with its own key and the client's model, and never tells the client's key", async () => {
    const upstream = await testUpstream();
    const host = await serve(testHandler({ engine: engineFor(upstream) }));
    const client = await dial(host, { apiKey: "sk-client", path: "/v1/realtime?model=gpt-realtime" });
    await client.next("session.created");
    const { url, headers } = upstream.peers[0]!.request;
    expect([url, headers.authorization]).toEqual(["/v1/realtime?model=gpt-realtime", `Bearer ${SECRET}`]);
    expect(JSON.stringify(headers)).not.toContain("sk-client");
  });

  it("events, byte for byte and in order, ids and all", async () => {
    const upstream = await testUpstream();
    const host = await serve(testHandler({ engine: engineFor(upstream) }));
    const { WebSocket } = await import("ws");
    const socket = new WebSocket(`ws://${host}/v1/realtime?model=antiphon`);
    const got: string[] = [];
    socket.on("message", (data: Buffer) => void got.push(data.toString()));
    const peer = await upstream.peer(0);
    const said = [
      `{ "event_id" : "event_x", "type":"some.event.of.tomorrow", "é": "\\u00e9 ü 🙂" }`,
      JSON.stringify(created),
      `{"delta": "AAAA", "type" : "response.output_audio.delta","event_id":"e","response_id":"resp_1","item_id":"i","output_index":0,"content_index":0,"obfuscation":"x"}`,
      JSON.stringify(delta(4_800)),
      JSON.stringify(done),
    ];
    for (const frame of said) peer.send(frame);
    await expect.poll(() => got.length).toBe(6);
    expect(got.slice(1)).toEqual(said);
    const asked = [
      `{"audio":"AAAA", "type":"input_audio_buffer.append" , "event_id":"mine"}`,
      `{"type":"response.create", "event_id":"\\u0061"}`,
      `{"type":"input_audio_buffer.append","audio":"AA\\u0041A"}`,
    ];
    for (const frame of asked) socket.send(frame);
    await expect.poll(() => peer.frames.length).toBe(3);
    expect(peer.frames).toEqual(asked);
    socket.terminate();
  });

  it("refuses what is no event itself, with the client's event_id, and goes on", async () => {
    const { client, peer } = await opened();
    client.sendRaw('{"type":"nope","event_id":"mine"}');
    client.sendRaw('{"type":"conversation.item.delete","event_id":"second"}');
    client.sendRaw(Buffer.from([1, 2, 3]));
    client.send({ type: "response.create", event_id: "good" });
    expect((await client.next("error")).error).toMatchObject({ code: "invalid_value", event_id: "mine" });
    expect((await client.next("error")).error).toMatchObject({ param: "item_id", event_id: "second" });
    expect((await client.next("error")).error).toMatchObject({ code: "invalid_event" });
    expect(await peer.next("response.create")).toMatchObject({ event_id: "good" });
    expect(peer.frames).toHaveLength(1);
  });

  it("what was said before the other server greeted", async () => {
    const upstream = await testUpstream({ onPeer: () => undefined });
    const { client } = await front(upstream);
    client.send({ type: "response.create", event_id: "early" });
    const peer = await upstream.peer(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.frames).toEqual([]);
    greet(peer);
    expect(await peer.next("response.create")).toMatchObject({ event_id: "early" });
  });

  it("to observers: every event, the audio, the stages; and the usage to the registry", async () => {
    const observer = recordingObserver();
    const { client, peer } = await opened({ observers: [observer] });
    client.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(960, 1).toString("base64") });
    client.send({ type: "response.create" });
    await peer.next("response.create");
    for (const event of [created, delta(480, 1), delta(480, 2), done]) peer.send(event);
    await client.next("response.done");
    const seen = observer.seen.map(({ observation: { type, ...rest } }) =>
      type === "stage" ? `stage ${(rest as { stage: string }).stage}` : type,
    );
    expect(seen).toEqual([
      "started",
      "server-event",
      "input-audio",
      "client-event",
      "server-event",
      "stage response-created",
      "server-event",
      "stage first-token",
      "stage first-audio",
      "server-event",
      "server-event",
      "stage done",
    ]);
    const told = observer.seen.flatMap(({ observation }) =>
      observation.type === "server-event" ? [observation.event] : [],
    );
    expect(told[2]).toEqual(delta(480, 1));
    const heard = observer.seen.find(({ observation }) => observation.type === "input-audio")?.observation;
    expect(heard).toMatchObject({ audio: Buffer.alloc(960, 1), format: "audio/pcm", sampleRate: 24_000 });
  });

  it("the configuration of a key: sent first, and told in the greeting", async () => {
    const upstream = await testUpstream();
    const session = { type: "realtime" as const, model: "antiphon", instructions: "Be brief." };
    const { client } = await front(upstream, {}, { authenticate: () => ({ tenant: "t", session }) });
    const peer = await upstream.peer(0);
    expect(await peer.next("session.update")).toMatchObject({
      session: { type: "realtime", instructions: "Be brief." },
    });
    expect(peer.frames[0]).not.toContain('"model"');
    peer.send(sessionEvent("session.updated", { instructions: "Be brief." }));
    client.send({ type: "session.update", session: { type: "realtime", instructions: "Be long." } });
    expect(await peer.next("session.update")).toMatchObject({ session: { instructions: "Be long." } });
    peer.send(sessionEvent("session.updated", { instructions: "Be long." }));
    await client.next("session.updated");
    expect(client.events.map((event) => ("session" in event ? [event.type, event.session] : []))).toMatchObject([
      ["session.created", { id: "sess_theirs", instructions: "Be brief." }],
      ["session.updated", { instructions: "Be long." }],
    ]);
  });

  it("the end of it, both ways", async () => {
    const first = await opened();
    void first.client.close(1000, "bye");
    expect(await first.peer.closed).toBe(1000);
    const second = await opened();
    second.peer.send(created);
    second.peer.socket.close(1000, "session_expired");
    expect(await second.client.closed).toEqual({ code: 1000, reason: "session_expired" });
    expect(second.client.events.map(({ type }) => type)).toEqual(["session.created", "response.created"]);
  });

  it("no longer than a session may last here", async () => {
    const { client, peer } = await opened({ limits: { maxDurationMs: 60 } });
    expect((await client.next("error")).error.code).toBe("session_expired");
    expect((await client.closed).code).toBe(1000);
    expect(await peer.closed).toBe(1000);
  });

  it("a drain waits for the response that runs", async () => {
    const upstream = await testUpstream();
    const handler = testHandler({ engine: engineFor(upstream) });
    const client = await dial(await serve(handler));
    await client.next("session.created");
    const peer = await upstream.peer(0);
    peer.send(created);
    await client.next("response.created");
    const closing = handler.close({ drainMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    peer.send(done);
    await client.next("response.done");
    await closing;
    expect((await client.closed).code).toBe(1001);
  });
});

describe("beside a relay", () => {
  /** A relay before another antiphon. */
  async function before(reply = "From afar.") {
    const afar = await serve(testHandler({ engine: textEngine({ reply }) }));
    return testHandler({ engine: engineFor({ url: `ws://${afar}` }) });
  }

  it("a beta client has its events in its own words", async () => {
    const host = await serve(await before());
    const client = await dial(host, { headers: { "openai-beta": "realtime=v1" } });
    client.sendRaw(JSON.stringify({ type: "session.update", session: { modalities: ["text"], turn_detection: null } }));
    client.sendRaw(
      JSON.stringify({
        type: "conversation.item.create",
        item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
      }),
    );
    client.sendRaw(JSON.stringify({ type: "response.create" }));
    await client.next("response.done");
    const types = client.events.map(({ type }) => type as string);
    expect(types.slice(0, 2)).toEqual(["session.created", "conversation.created"]);
    expect(types).toContain("conversation.item.created");
    expect(types).toContain("response.text.delta");
    expect(types).not.toContain("conversation.item.added");
    expect(types).not.toContain("error");
  });

  it("a sideband sees and says what the client does, and operators see what it cost", async () => {
    const handler = await before();
    const host = await serve(handler);
    const client = await dial(host);
    await client.next("session.created");
    const { sessionId } = handler.sessions.list()[0]!;
    const beside = await dial(host, { path: `/v1/realtime?call_id=${sessionId}` });
    await beside.next("session.created");
    beside.send({ type: "response.create", response: { output_modalities: ["text"] } });
    const told = await beside.next("response.done");
    expect(await client.next("response.done")).toEqual(told);
    expect(told.response.usage?.total_tokens).toBeGreaterThan(0);
    expect(handler.sessions.list()[0]?.usage.total_tokens).toBe(told.response.usage?.total_tokens);
    const late = await dial(host, { path: `/v1/realtime?call_id=${sessionId}` });
    const { session } = await late.next("session.created");
    const first = client.events[0];
    expect(first?.type === "session.created" && session).toEqual(first?.type === "session.created" && first.session);
  });
});

describe("a relay whose upstream is not well", () => {
  type Case = readonly [string, number, { code: string; type: string }, number, RegExp, Partial<RelayOptions>?];
  const server = { code: "server_error", type: "server_error" };
  const refused: Case[] = [
    ["a wrong key", 401, server, 1011, /refuses the relay's key \(HTTP 401\): check its apiKey/],
    ["a key that may not", 403, server, 1011, /HTTP 403/],
    [
      "a model of the client's that it does not know",
      404,
      { code: "invalid_model", type: "invalid_request_error" },
      4000,
      /HTTP 404/,
    ],
    ["a model of the operator's", 404, server, 1011, /check the relay's url and model/, { model: "theirs" }],
    ["too many requests", 429, { code: "rate_limit_exceeded", type: "rate_limit_error" }, 1013, /HTTP 429/],
    ["an overload", 503, { code: "server_overloaded", type: "overloaded_error" }, 1013, /HTTP 503/],
    ["a path that is none", 400, server, 1011, /HTTP 400/],
  ];
  it.each(refused.map((each) => [each[0], each] as const))(
    "%s",
    async (_, [, status, error, closeCode, log, options]) => {
      const upstream = await testUpstream({ status: () => status });
      const { client, faults } = await front(upstream, options);
      expect((await client.next("error")).error).toMatchObject(error);
      expect((await client.closed).code).toBe(closeCode);
      expect(String(faults[0])).toMatch(log);
      expect(JSON.stringify([faults.map(String), client.events])).not.toContain(SECRET);
      expect(upstream.handshakes).toHaveLength(status === 503 ? 3 : 1);
    },
  );

  const errorsInPlaceOfGreeting: [string, number, string, string, number][] = [
    ["invalid_api_key", 3000, "server_error", "auth", 1011],
    ["invalid_model", 4000, "invalid_model", "model", 4000],
    ["insufficient_quota", 1000, "rate_limit_exceeded", "rate_limit", 1013],
    ["server_overloaded", 1013, "server_overloaded", "overloaded", 1013],
    ["something_else", 1011, "server_error", "misbehaved", 1011],
  ];
  it.each(errorsInPlaceOfGreeting)("%s in place of a greeting", async (code, close, told, kind, closeCode) => {
    const upstream = await testUpstream({
      onPeer: (peer) => {
        const error = { type: "invalid_request_error", code, message: "Their words.", param: null, event_id: null };
        peer.send({ type: "error", event_id: "event_1", error });
        peer.socket.close(close);
      },
    });
    const { client, faults } = await front(upstream);
    expect((await client.next("error")).error.code).toBe(told);
    expect((await client.closed).code).toBe(closeCode);
    expect(faults[0]).toMatchObject({ kind });
  });

  it("nobody there: tries again, then says so without a word of where", async () => {
    const nobody = await listen((await import("node:http")).createServer((_, res) => res.destroy()));
    const { client, faults } = await front({ url: `ws://${nobody}` });
    expect((await client.next("error")).error).toMatchObject({ type: "server_error" });
    expect(JSON.stringify(client.events)).not.toContain(nobody);
    expect(String(faults[0])).toContain(nobody);
  });

  it("one that does not greet is given up", async () => {
    const upstream = await testUpstream({ onPeer: () => undefined });
    const { client, faults } = await front(upstream, { connectTimeoutMs: 30, attempts: 2 });
    expect((await client.closed).code).toBe(1011);
    expect(String(faults[0])).toMatch(/did not greet within 30 ms/);
    expect(upstream.handshakes).toHaveLength(2);
  });

  it.each(["{nonsense", '"a string"', Buffer.from([1])])("one that speaks something else (%j)", async (frame) => {
    const { client, peer, faults } = await opened();
    peer.socket.send(frame);
    expect((await client.next("error")).error.code).toBe("server_error");
    expect((await client.closed).code).toBe(1011);
    expect(String(faults[0])).toMatch(/sent what is no event/);
  });

  it("a configuration that it refuses, in its own words", async () => {
    const upstream = await testUpstream();
    const session = { type: "realtime" as const, instructions: "x" };
    const { client } = await front(upstream, {}, { authenticate: () => ({ tenant: "t", session }) });
    const peer = await upstream.peer(0);
    const { event_id } = await peer.next("session.update");
    const error = {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "No such voice.",
      param: "session.voice",
    };
    peer.send({ type: "error", event_id: "event_1", error: { ...error, event_id } });
    expect((await client.next("error")).error).toMatchObject(error);
    expect((await client.closed).code).toBe(4000);
  });

  it("tries again where that may help", async () => {
    const upstream = await testUpstream({ status: (handshake) => (handshake < 3 ? 502 : 101) });
    const { client } = await front(upstream);
    await client.next("session.created");
    expect(upstream.handshakes).toHaveLength(3);
  });

  it("connects anew when it is lost before anything happened, and says again what was said", async () => {
    const { client, upstream, peer } = await opened();
    const update: ClientEvent = { type: "session.update", session: { type: "realtime", instructions: "A" } };
    client.send({ ...update, event_id: "first" });
    await peer.next("session.update");
    peer.send(sessionEvent("session.updated", { instructions: "A" }));
    await client.next("session.updated");
    client.send({ type: "input_audio_buffer.append", audio: "AAAA" });
    await peer.next("input_audio_buffer.append");
    peer.socket.terminate();
    const second = await upstream.peer(1);
    expect(await second.next("session.update")).toMatchObject({ event_id: "first" });
    expect(await second.next("input_audio_buffer.append")).toMatchObject({ audio: "AAAA" });
    second.send(sessionEvent("session.updated", { instructions: "A" }));
    client.send({ ...update, event_id: "second" });
    await second.next("session.update");
    second.send(sessionEvent("session.updated", { instructions: "B" }));
    second.send(created);
    await client.next("response.created");
    expect(client.events.map(({ type }) => type)).toEqual([
      "session.created",
      "session.updated",
      "session.updated",
      "response.created",
    ]);
  });

  it("does not connect anew once something happened", async () => {
    const { client, peer, upstream, faults } = await opened();
    peer.send(created);
    await client.next("response.created");
    peer.socket.terminate();
    expect((await client.next("error")).error).toMatchObject({ message: "The connection to the model was lost." });
    expect(await client.closed).toEqual({ code: 1011, reason: "server_error.server_error" });
    expect(upstream.handshakes).toHaveLength(1);
    expect(faults[0]).toMatchObject({ kind: "lost" });
  });

  it("gives up one that is silent for too long", async () => {
    const { client, peer } = await opened({}, { pingIntervalMs: 25 });
    peer.send(created);
    await client.next("response.created");
    // It neither reads nor answers.
    peer.socket.pause();
    expect((await client.next("error")).error.code).toBe("server_error");
    expect((await client.closed).code).toBe(1011);
  });
});

describe("back-pressure through a relay", () => {
  it("a client that does not read slows the other server down, and loses nothing", async () => {
    const upstream = await testUpstream();
    const handler = testHandler({ engine: engineFor(upstream) });
    const { client, socket } = connectInMemory(handler);
    await client.next("session.created");
    const peer = await upstream.peer(0);
    socket.pauseReading();
    peer.send(created);
    const pieces = 400;
    for (let index = 0; index < pieces; index += 1) peer.send(delta(48_000, index));
    // 25 MB are on their way: more than loopback's own buffers take.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(peer.socket.bufferedAmount).toBeGreaterThan(1_000_000);
    socket.resumeReading();
    await expect.poll(() => client.events.length, { timeout: 10_000 }).toBe(pieces + 2);
    expect(peer.socket.bufferedAmount).toBe(0);
    const ids = client.events.slice(2).map(({ event_id }) => event_id);
    expect(ids).toEqual(Array.from({ length: pieces }, (_, index) => `event_audio_${index}`));
  });

  it("another server that does not read slows the client down", async () => {
    const upstream = await testUpstream();
    const host = await serve(testHandler({ engine: engineFor(upstream, { pingIntervalMs: 60_000 }) }));
    const { WebSocket } = await import("ws");
    const socket = new WebSocket(`ws://${host}/v1/realtime?model=antiphon`);
    await new Promise((resolve) => socket.once("message", resolve));
    const peer = await upstream.peer(0);
    peer.socket.pause();
    const frame = JSON.stringify({ type: "input_audio_buffer.append", audio: Buffer.alloc(48_000).toString("base64") });
    for (let index = 0; index < 400; index += 1) socket.send(frame);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(socket.bufferedAmount).toBeGreaterThan(1_000_000);
    peer.socket.resume();
    await expect.poll(() => peer.frames.length, { timeout: 10_000 }).toBe(400);
    expect(socket.bufferedAmount).toBe(0);
    socket.terminate();
  });
});
