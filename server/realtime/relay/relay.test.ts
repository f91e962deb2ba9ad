import { describe, expect, it } from "vitest";
import { created, delta, done, engineFor, front, opened, SECRET } from "../conformance/test-relay";
import { dial, recordingObserver, serve, testHandler, textEngine } from "../conformance/test-support";
import { greet, sessionEvent, testUpstream } from "../conformance/test-upstream";
import { connectInMemory } from "../testing";

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

  it("keys of MCP servers, which only the other server gets: observers see the rest, a sideband's events too", async () => {
    const upstream = await testUpstream();
    const observer = recordingObserver();
    const handler = testHandler({ engine: engineFor(upstream), observers: [observer] });
    const host = await serve(handler);
    const client = await dial(host);
    await client.next("session.created");
    const beside = await dial(host, { path: `/v1/realtime?call_id=${handler.sessions.list()[0]?.sessionId}` });
    const tool = { type: "mcp", server_label: "a", server_url: "https://a.example" };
    const tools = [{ ...tool, authorization: "s3cret", headers: { "x-key": "s3cret" } }];
    client.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", tools } }));
    beside.sendRaw(JSON.stringify({ type: "response.create", response: { tools } }));
    const peer = await upstream.peer(0);
    expect(await peer.next("session.update")).toMatchObject({ session: { tools } });
    expect(await peer.next("response.create")).toMatchObject({ response: { tools } });
    const shown = [{ ...tool, headers: { "x-key": "<redacted>" } }];
    const told = observer.seen.flatMap(({ observation }) =>
      observation.type === "client-event" ? [observation.event] : [],
    );
    expect(told).toMatchObject([{ session: { tools: shown } }, { response: { tools: shown } }]);
    expect(JSON.stringify(observer.seen)).not.toContain("s3cret");
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
