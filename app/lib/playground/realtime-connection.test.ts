import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { problem, ProblemError } from "./problems";
import { type ConnectionStatus, RealtimeConnection, retryDelay } from "./realtime-connection";
import type { ClientSecret } from "./secrets";
import type { Wire, WireListener } from "./wire";

class FakeWire implements Wire {
  isOpen = true;
  waiting = 0;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  constructor(
    readonly secret: string,
    readonly listener: WireListener,
  ) {}
  send(frame: string): void {
    this.sent.push(JSON.parse(frame) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  say(event: object): void {
    this.listener.onFrame(JSON.stringify(event));
  }
  end(code: number, reason = ""): void {
    this.listener.onClosed(code, reason);
  }
}

const created = { type: "session.created", event_id: "event_1", session: { id: "sess_1" } };
const errorEvent = (code: string, message = "No.") => ({
  type: "error",
  event_id: "event_2",
  error: { code, message },
});
const server = { engine: undefined, voices: undefined };

function setUp(mint?: () => Promise<ClientSecret>) {
  const sockets: FakeWire[] = [];
  const statuses: ConnectionStatus[] = [];
  const received: ServerEvent[] = [];
  let minted = 0;
  const connection = new RealtimeConnection({
    mint: mint ?? (() => Promise.resolve({ value: `ek_${++minted}`, expiresAt: Date.now() + 600_000, server })),
    model: () => "antiphon",
    openWire: ({ secret }, listener) => {
      const socket = new FakeWire(secret, listener);
      sockets.push(socket);
      return socket;
    },
    listener: {
      onStatus: (status) => statuses.push(status),
      onReceived: (event) => received.push(event),
      onSent: () => undefined,
    },
  });
  return {
    connection,
    sockets,
    received,
    get status() {
      return statuses.at(-1);
    },
    /** The newest socket. */
    get socket() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error("no socket was opened");
      return socket;
    },
    async open() {
      connection.connect();
      await vi.advanceTimersByTimeAsync(0);
      this.socket.say(created);
    },
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("realtime connection", () => {
  it("is open once the session is there, and not before", async () => {
    const test = setUp();
    test.connection.connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(test.status).toEqual({ state: "connecting" });
    expect(test.connection.send({ type: "response.create" })).toBe(false);
    test.socket.say(created);
    expect(test.status).toMatchObject({ state: "open" });
    expect(test.connection.send({ type: "response.create" })).toBe(true);
    expect(test.socket.sent).toEqual([{ type: "response.create", event_id: "page_1" }]);
  });

  it("comes back by itself after a loss, with the same secret while it is good", async () => {
    const test = setUp();
    await test.open();
    test.socket.end(1006);
    expect(test.status).toMatchObject({ state: "waiting", problem: { code: "connection-lost" } });
    await vi.advanceTimersByTimeAsync(700);
    test.socket.say(created);
    expect(test.status).toMatchObject({ state: "open" });
    expect(test.sockets.map(({ secret }) => secret)).toEqual(["ek_1", "ek_1"]);
  });

  it("mints a new secret when the old one is about to expire", async () => {
    const test = setUp();
    await test.open();
    await vi.advanceTimersByTimeAsync(596_000);
    test.socket.end(1001);
    await vi.advanceTimersByTimeAsync(700);
    expect(test.sockets.map(({ secret }) => secret)).toEqual(["ek_1", "ek_2"]);
  });

  it("waits longer each time, up to a limit, and at once when told to", async () => {
    expect([0, 1, 2, 10].map((attempt) => retryDelay(attempt, 0.5))).toEqual([500, 1000, 2000, 15_000]);
    const test = setUp(() => Promise.reject(new TypeError("Failed to fetch")));
    test.connection.connect();
    await vi.advanceTimersByTimeAsync(5000);
    expect(test.status).toMatchObject({ state: "waiting", problem: { code: "server-away" } });
    expect(test.sockets).toHaveLength(0);
    test.connection.connect();
    expect(test.status).toEqual({ state: "connecting" });
  });

  it("gives up on a socket on which no session comes", async () => {
    const test = setUp();
    test.connection.connect();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(test.sockets[0]?.closed).toBe(true);
    expect(test.status).toMatchObject({ state: "waiting" });
  });

  it("asks for a fresh secret once when the first is refused, then says so", async () => {
    const test = setUp();
    test.connection.connect();
    await vi.advanceTimersByTimeAsync(0);
    test.socket.say(errorEvent("invalid_api_key"));
    test.socket.end(3000, "invalid_request_error.invalid_api_key");
    await vi.advanceTimersByTimeAsync(0);
    expect(test.sockets.map(({ secret }) => secret)).toEqual(["ek_1", "ek_2"]);
    test.socket.end(3000);
    expect(test.status).toMatchObject({ state: "failed", problem: { code: "token-expired" } });
  });

  it.each([
    ["the time limit", errorEvent("session_expired"), 1000, "session-expired", undefined],
    [
      "a refusal, in the server's words",
      errorEvent("invalid_model", "No such model."),
      4000,
      "refused",
      "No such model.",
    ],
  ] as const)("stops at %s", async (_, event, code, problemCode, detail) => {
    const test = setUp();
    await test.open();
    test.socket.say(event);
    test.socket.end(code);
    expect(test.status).toMatchObject({ state: "failed", problem: { code: problemCode, ...(detail && { detail }) } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(test.sockets).toHaveLength(1);
  });

  it("passes on what the user must act on", async () => {
    const test = setUp(() => Promise.reject(new ProblemError(problem("not-allowed"))));
    test.connection.connect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(test.status).toMatchObject({ state: "failed", problem: { code: "not-allowed" } });
  });

  it("drops microphone audio that the network cannot carry away, but nothing else", async () => {
    const test = setUp();
    await test.open();
    test.socket.waiting = 2_000_000;
    expect(test.connection.send({ type: "input_audio_buffer.append", audio: "AAAA" })).toBe(false);
    expect(test.connection.send({ type: "response.cancel" })).toBe(true);
  });

  it("is quiet after it was closed, whatever an old socket or a slow secret still brings", async () => {
    let deliver: (secret: ClientSecret) => void = () => undefined;
    const test = setUp(() => new Promise((resolve) => (deliver = resolve)));
    test.connection.connect();
    test.connection.close();
    deliver({ value: "ek_late", expiresAt: Date.now() + 600_000, server });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(test.status).toEqual({ state: "idle" });
    expect(test.sockets).toHaveLength(0);
  });

  it("overlooks frames that are no events", async () => {
    const test = setUp();
    await test.open();
    test.socket.listener.onFrame("not json");
    test.socket.listener.onFrame("null");
    expect(test.received).toHaveLength(1);
    expect(test.status).toMatchObject({ state: "open" });
  });
});
