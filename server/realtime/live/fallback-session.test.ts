import { afterEach, describe, expect, it, vi } from "vitest";
import { fallback } from "../engine/fallback";
import { relay } from "../engine/relay";
import type { RealtimeHandlerOptions } from "../options";
import { createRealtimeHandler } from "../handler";
import { allowAnyone } from "../door/auth";
import { dial, recordingObserver, serve, testHandler, textEngine, textTurn } from "../conformance/test-support";
import { testUpstream, type TestUpstreamOptions } from "../conformance/test-upstream";
import { RealtimeTestClient } from "../testing/index";

afterEach(() => void vi.useRealTimers());

const local = () => textEngine({ reply: "From here." });

async function setUp(upstream: TestUpstreamOptions, options: Partial<RealtimeHandlerOptions> = {}) {
  const other = await testUpstream(upstream);
  const first = relay({ url: other.url, attempts: 1 });
  const handler = testHandler({ engine: undefined, models: { antiphon: [first, local()] }, ...options });
  const host = await serve(handler);
  return { other, host };
}

describe("a model with a second choice", () => {
  it("is answered by the next engine when the first cannot be reached, with nothing lost", async () => {
    const observer = recordingObserver();
    const { other, host } = await setUp({ status: () => 503 }, { observers: [observer] });
    const client = await dial(host);
    // Said at once, before it is known who answers.
    expect(await textTurn(client)).toBe("From here.");
    expect(client.events.filter(({ type }) => type === "error")).toEqual([]);
    expect(other.handshakes).toHaveLength(1);
    const { info } = observer.seen[0]!;
    const [greeting] = client.events;
    expect(greeting?.type === "session.created" && greeting.session.id).toBe(info.sessionId);
    expect(observer.seen.filter(({ observation }) => observation.type === "client-event")).toHaveLength(2);
    expect(observer.seen.filter(({ observation }) => observation.type === "started")).toHaveLength(1);
  });

  it("is answered by the first as long as it is there, whatever happens later", async () => {
    const { other, host } = await setUp({});
    const client = await dial(host);
    client.send({ type: "response.create", event_id: "mine" });
    await client.next("session.created");
    const peer = await other.peer(0);
    expect(await peer.next("response.create")).toMatchObject({ event_id: "mine" });
    peer.send({ type: "response.created", event_id: "e", response: { id: "resp_1" } });
    await client.next("response.created");
    peer.socket.terminate();
    expect((await client.next("error")).error.type).toBe("server_error");
    expect((await client.closed).code).toBe(1011);
  });

  it("leaves a relay that keeps failing out for a while, then tries it with one session", async () => {
    let well = false;
    const other = await testUpstream({ status: () => (well ? 101 : 503) });
    const first = relay({ url: other.url, attempts: 1 });
    const engine = fallback([first, local()], { failures: 2, outMs: 60_000 });
    const host = await serve(testHandler({ engine }));
    const greeted = async (): Promise<string> => {
      const client = await dial(host);
      const { session } = await client.next("session.created");
      await client.close();
      return session.id ?? "";
    };
    for (let session = 0; session < 4; session += 1) expect(await greeted()).not.toBe("sess_theirs");
    expect(other.handshakes).toHaveLength(2);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    well = true;
    expect([await greeted(), await greeted()]).toEqual(["sess_theirs", "sess_theirs"]);
    expect(other.handshakes).toHaveLength(4);
  });

  it("says so when nobody answers", async () => {
    const [a, b] = [await testUpstream({ status: () => 503 }), await testUpstream({ status: () => 401 })];
    const engine = fallback([relay({ url: a.url, attempts: 1 }), relay({ url: b.url })]);
    const faults: unknown[] = [];
    const host = await serve(testHandler({ engine, onError: (error) => void faults.push(error) }));
    const client = await dial(host);
    expect((await client.next("error")).error).toMatchObject({ type: "server_error" });
    expect((await client.closed).code).toBe(1011);
    expect([a.handshakes.length, b.handshakes.length]).toEqual([1, 1]);
    expect(faults.map(String).join()).toMatch(/check its apiKey/);
  });

  it("does not ask the next one for what a key's own configuration got wrong", async () => {
    const session = { type: "realtime" as const, instructions: "x" };
    const { other, host } = await setUp({}, { authenticate: () => ({ tenant: "t", session }) });
    const client = await dial(host);
    const peer = await other.peer(0);
    const { event_id } = await peer.next("session.update");
    peer.send({
      type: "error",
      event_id: "e",
      error: { type: "invalid_request_error", code: "x", message: "No.", event_id },
    });
    expect((await client.next("error")).error.message).toBe("No.");
    expect((await client.closed).code).toBe(4000);
  });

  it("tells what the next one cannot do", async () => {
    const session = {
      type: "realtime" as const,
      audio: { input: { turn_detection: { type: "server_vad" as const } } },
    };
    const { host } = await setUp({ status: () => 503 }, { authenticate: () => ({ tenant: "t", session }) });
    const client = await dial(host);
    expect((await client.next("error")).error.param).toBe("session.audio.input.turn_detection");
    expect((await client.closed).code).toBe(4000);
  });

  it("makes a client wait that says much before it is known who answers", async () => {
    let letIn: () => void = () => undefined;
    const { other, host } = await setUp({ onPeer: (peer) => (letIn = () => peer.socket.close(1013)) });
    const client = await RealtimeTestClient.connect(`ws://${host}/v1/realtime?model=antiphon`);
    const audio = Buffer.alloc(48_000).toString("base64");
    for (let index = 0; index < 100; index += 1) client.send({ type: "input_audio_buffer.append", audio });
    client.send({ type: "input_audio_buffer.commit" });
    await other.peer(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    letIn();
    const { item_id } = await client.next("input_audio_buffer.committed", { timeoutMs: 10_000 });
    client.send({ type: "conversation.item.retrieve", item_id });
    const { item } = await client.next("conversation.item.retrieved", { timeoutMs: 10_000 });
    const part = item.type === "message" ? item.content[0] : undefined;
    expect(part?.type === "input_audio" && Buffer.from(part.audio ?? "", "base64").length).toBe(4_800_000);
    await client.close();
  });

  it("frees the one that nobody waits for any more", async () => {
    const { other, host } = await setUp({ onPeer: () => undefined });
    const client = await dial(host);
    const peer = await other.peer(0);
    void client.close();
    await peer.closed;
  });

  it("refuses an empty list", () => {
    expect(() => createRealtimeHandler({ models: { a: [] }, authenticate: allowAnyone() })).toThrow(/at least one/);
  });
});
