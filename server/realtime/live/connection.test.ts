import { describe, expect, it, onTestFinished, vi } from "vitest";
import { allowAnyone } from "../door/auth";
import type { Identity } from "../door/auth";
import { handlerWith } from "../handler";
import type { RealtimeHandlerOptions } from "../options";
import { FakeSession, recordingObserver, testHandler, textEngine } from "../conformance/test-support";
import { connectInMemory } from "../testing/realtime";
import type { MemoryConnectOptions } from "../testing/realtime";

const KIB = 1024;
const MIB = 1024 * KIB;

function setUp(options: Partial<RealtimeHandlerOptions> = {}, connect: MemoryConnectOptions = {}) {
  const sessions: FakeSession[] = [];
  const handler = handlerWith({ engine: textEngine(), authenticate: allowAnyone(), ...options }, (sessionOptions) => {
    const session = new FakeSession(sessionOptions);
    sessions.push(session);
    return session;
  });
  onTestFinished(() => handler.close({ drainMs: 1 }));
  return { handler, sessions, ...connectInMemory(handler, connect) };
}

/** An `authenticate` that answers when it is told to. */
function gate() {
  let open: (identity: Identity | null) => void = () => undefined;
  const answer = new Promise<Identity | null>((resolve) => (open = resolve));
  return { authenticate: () => answer, open };
}

const event = (id: string) => JSON.stringify({ type: "response.cancel", event_id: id });
const bigEvent = (bytes: number) =>
  ({
    type: "response.output_audio.delta",
    event_id: "e",
    response_id: "r",
    item_id: "i",
    output_index: 0,
    content_index: 0,
    delta: "x".repeat(bytes),
  }) as const;

describe("a connection", () => {
  it("brings events, audio and nonsense to the session, in order", async () => {
    const { client, sessions } = setUp();
    client.sendRaw(event("1"));
    client.sendRaw(JSON.stringify({ type: "input_audio_buffer.append", audio: "AAAAAA==" }));
    client.sendRaw("{");
    client.sendRaw(Buffer.from("binary"));
    await expect.poll(() => sessions[0]?.log.length).toBe(5);
    expect(sessions[0]?.log).toEqual([
      "start",
      "response.cancel 1",
      "append 4",
      expect.stringMatching(/^reject Invalid event: failed to parse JSON/),
      "reject Expected a text WebSocket message; binary frames are not supported.",
    ]);
  });

  it("gives a session that keeps audio memory of its own, and observers as well", async () => {
    const observer = recordingObserver();
    const { client, sessions } = setUp();
    const real = connectInMemory(testHandler({ observers: [observer] }));
    for (const audio of ["AAAA", "AQEBAQ=="]) {
      client.sendRaw(JSON.stringify({ type: "input_audio_buffer.append", audio }));
      real.client.sendRaw(JSON.stringify({ type: "input_audio_buffer.append", audio: audio.padEnd(8, "A") }));
    }
    await expect.poll(() => sessions[0]?.audio.length).toBe(2);
    expect(sessions[0]?.audio).toEqual([Buffer.from([0, 0, 0]), Buffer.from([1, 1, 1, 1])]);
    const heard = () =>
      observer.seen.flatMap(({ observation: seen }) => (seen.type === "input-audio" ? [seen.audio] : []));
    await expect.poll(() => heard().length).toBe(2);
    expect(heard()).toEqual([Buffer.alloc(6), Buffer.from([1, 1, 1, 1])]);
  });

  it("keeps what comes while the key is being checked, in order", async () => {
    const { authenticate, open } = gate();
    const { client, sessions } = setUp({ authenticate });
    for (let i = 0; i < 100; i++) client.sendRaw(event(String(i)));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sessions).toHaveLength(0);
    open({ tenant: "t" });
    await expect.poll(() => sessions[0]?.log.length).toBe(101);
    expect(sessions[0]?.log.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => `response.cancel ${i}`));
  });

  it.each([
    ["too many frames", Array.from({ length: 300 }, (_, i) => event(String(i)))],
    ["too many bytes", Array.from({ length: 3 }, () => "x".repeat(600 * KIB))],
  ])("refuses %s before the key was checked", async (_what, frames) => {
    const { authenticate } = gate();
    const { client, sessions } = setUp({ authenticate });
    for (const frame of frames) client.sendRaw(frame);
    expect((await client.next("error")).error.code).toBe("too_many_messages");
    expect(await client.closed).toEqual({ code: 1008, reason: "invalid_request_error.too_many_messages" });
    expect(sessions).toHaveLength(0);
  });

  it("opens no session for a client that left meanwhile, and tells `authenticate`", async () => {
    const { authenticate, open } = gate();
    const signals: AbortSignal[] = [];
    const { socket, sessions, client } = setUp({
      authenticate: ({ signal }) => {
        signals.push(signal);
        return authenticate();
      },
    });
    socket.terminate();
    await client.closed;
    expect(signals[0]?.aborted).toBe(true);
    open({ tenant: "t" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sessions).toHaveLength(0);
  });

  it("gives an `authenticate` that hangs its deadline", async () => {
    const { client } = setUp({ authenticate: gate().authenticate, limits: { authTimeoutMs: 20 } });
    expect((await client.next("error")).error.message).toBe("Authentication did not finish within 0.02 seconds.");
    expect(await client.closed).toEqual({ code: 1008, reason: "authentication_error.authentication_timeout" });
  });

  it("stops the session when the client goes, and says to observers how it ended", async () => {
    const observer = recordingObserver();
    const { client, sessions } = setUp({ observers: [observer] });
    await expect.poll(() => sessions[0]?.log).toEqual(["start"]);
    await client.close(4123, "enough");
    expect(sessions[0]?.log).toEqual(["start", "close"]);
    expect(observer.seen.map(({ observation }) => observation)).toEqual([
      { type: "started", at: 0 },
      { type: "ended", at: expect.any(Number) as number, code: 4123, reason: "enough" },
    ]);
    expect(observer.seen[0]?.info).toMatchObject({ tenant: "default", model: "antiphon", transport: "memory" });
  });

  it("survives observers that throw or reject, and logs each of them once", async () => {
    const error = vi.fn();
    const calm = recordingObserver();
    const { client, sessions } = setUp({
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error },
      observers: [
        {
          name: "thrower",
          observe: () => {
            throw new Error("no");
          },
        },
        { name: "rejecter", observe: () => Promise.reject(new Error("no")) as unknown as void },
        calm,
      ],
    });
    await expect.poll(() => sessions[0]?.log).toEqual(["start"]);
    await client.close();
    await expect.poll(() => error.mock.calls.length).toBe(2);
    expect(calm.seen).toHaveLength(2);
  });

  it("ends with the code and reason that the session gives", async () => {
    const { client, sessions } = setUp();
    await expect.poll(() => sessions.length).toBe(1);
    sessions[0]?.options.output.end(1000, "session_expired");
    expect(await client.closed).toEqual({ code: 1000, reason: "session_expired" });
  });

  it("closes with 1011 and reports it when a session breaks", async () => {
    const onError = vi.fn();
    const broken = new Error("broken");
    const { client, sessions } = setUp({ onError });
    await expect.poll(() => sessions.length).toBe(1);
    Object.assign(sessions[0] ?? {}, {
      receive: () => {
        throw broken;
      },
    });
    client.sendRaw(event("1"));
    expect(await client.closed).toMatchObject({ code: 1011 });
    expect(onError).toHaveBeenCalledWith(broken, { sessionId: sessions[0]?.id });
  });
});

describe("backpressure", () => {
  it("makes the voice wait while more than 1 MiB is unread, and goes on when there is room", async () => {
    const { client, socket, sessions } = setUp({ validateEvents: false });
    await expect.poll(() => sessions.length).toBe(1);
    const output = sessions[0]!.options.output;
    socket.pauseReading();
    await output.room();
    output.send(bigEvent(MIB + 1));
    let room = false;
    void output.room().then(() => (room = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(room).toBe(false);
    socket.resumeReading();
    await expect.poll(() => room).toBe(true);
    await client.next("response.output_audio.delta");
  });

  it("lets go of a client that leaves more than 8 MiB unread", async () => {
    const { client, socket, sessions } = setUp({ validateEvents: false }, { closeTimeoutMs: 20 });
    await expect.poll(() => sessions.length).toBe(1);
    socket.pauseReading();
    for (let i = 0; i < 9; i++) sessions[0]?.options.output.send(bigEvent(MIB));
    expect(await client.closed).toEqual({ code: 1013, reason: "invalid_request_error.client_too_slow" });
    expect(sessions[0]?.log).toEqual(["start", "close"]);
  });
});

describe("close", () => {
  it("lets a running reply end, then goes away", async () => {
    const { client, sessions, handler } = setUp();
    await expect.poll(() => sessions.length).toBe(1);
    let finish: () => void = () => undefined;
    sessions[0]!.finishing = new Promise((resolve) => (finish = resolve));
    const closing = handler.close({ drainMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sessions[0]?.log).toEqual(["start", "finish"]);
    finish();
    await closing;
    expect(await client.closed).toEqual({ code: 1001, reason: "server_shutting_down" });
    expect(sessions[0]?.log).toEqual(["start", "finish", "close"]);
  });

  it("waits no longer than it was told", async () => {
    const { client, sessions, handler } = setUp();
    await expect.poll(() => sessions.length).toBe(1);
    sessions[0]!.finishing = new Promise(() => undefined);
    await handler.close({ drainMs: 10 });
    expect((await client.closed).code).toBe(1001);
  });

  it("refuses who comes later, and who was still being checked", async () => {
    const { authenticate } = gate();
    const { client, handler } = setUp({ authenticate });
    const closing = handler.close();
    const late = connectInMemory(handler);
    for (const one of [client, late.client]) {
      expect((await one.next("error")).error.code).toBe("server_overloaded");
      expect((await one.closed).code).toBe(1001);
    }
    await closing;
    await handler.close();
  });
});

describe("limits", () => {
  it("refuses one session more than it may carry, until another ends", async () => {
    const { client, sessions, handler } = setUp({ limits: { maxSessions: 1 } });
    await expect.poll(() => sessions.length).toBe(1);
    const refused = connectInMemory(handler).client;
    expect((await refused.next("error")).error).toMatchObject({ type: "overloaded_error", code: "server_overloaded" });
    expect(await refused.closed).toEqual({ code: 1013, reason: "overloaded_error.server_overloaded" });
    await client.close();
    connectInMemory(handler);
    await expect.poll(() => sessions.length).toBe(2);
  });

  it("refuses more clients than it can check at a time", async () => {
    const { authenticate, open } = gate();
    const { handler, sessions } = setUp({ authenticate, limits: { maxPending: 1 } });
    expect((await connectInMemory(handler).client.closed).code).toBe(1013);
    open({ tenant: "t" });
    await expect.poll(() => sessions.length).toBe(1);
  });
});

describe("validateEvents", () => {
  it("throws what does not have its shape, or logs it, or lets it pass", async () => {
    const error = vi.fn();
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error };
    const wrong = { type: "input_audio_buffer.cleared", event_id: "" } as const;
    for (const validateEvents of ["throw", true, false] as const) {
      const { sessions } = setUp({ validateEvents, logger });
      await expect.poll(() => sessions.length).toBe(1);
      const send = () => sessions[0]?.options.output.send(wrong);
      if (validateEvents === "throw") expect(send).toThrow(/input_audio_buffer.cleared/);
      else send();
      expect(error).toHaveBeenCalledTimes(validateEvents === false ? 1 : validateEvents === true ? 1 : 0);
    }
  });
});
