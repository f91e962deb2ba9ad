import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defaultSessionConfig, toSessionResource } from "../../../server/realtime/protocol/session-config";
import type { CallParts } from "./call-wire";
import type { AudioCapture, CaptureListener } from "./audio-capture";
import { encodePcm } from "./base64";
import { PlaybackTimeline } from "./playback-timeline";
import { Playground } from "./playground";
import { problem, ProblemError } from "./problems";
import type { Wire, WireListener } from "./wire";

const session = toSessionResource(defaultSessionConfig({ model: "antiphon", voice: "alloy" }), {
  id: "sess_1",
  expiresAt: 2_000_000_000,
});
const chunk = new Int16Array(960).fill(500);
const response = { id: "resp_1", status: "in_progress", status_details: null };
const ids = { response_id: "resp_1", item_id: "item_r", output_index: 0, content_index: 0 };
const replyItem = { id: "item_r", type: "message", role: "assistant", content: [] };

/** A playground whose socket, microphone and speaker are in the test's hands. Time passes with the fake clock. */
function setUp(options: { microphone?: (listener: CaptureListener) => Promise<AudioCapture> } = {}) {
  const sent: Record<string, unknown>[] = [];
  let wire: WireListener | undefined;
  const socket: Wire = {
    isOpen: true,
    waiting: 0,
    send: (frame: string) => void sent.push(JSON.parse(frame) as Record<string, unknown>),
    close: () => undefined,
  };
  let call: CallParts | undefined;
  let microphone: CaptureListener | undefined;
  const closeMicrophone = vi.fn();
  const timeline = new PlaybackTimeline();
  const now = (): number => performance.now() / 1000;
  const playground = new Playground({
    mint: () =>
      Promise.resolve({
        value: "ek_1",
        expiresAt: Date.now() + 600_000,
        server: { engine: "test", voices: ["a", "b"] },
      }),
    openWire: (_, listener) => {
      wire = listener;
      return socket;
    },
    callWire: (parts) => (_, listener) => {
      call = parts;
      wire = listener;
      return socket;
    },
    openMicrophone:
      options.microphone ??
      ((listener) => {
        microphone = listener;
        return Promise.resolve({ flush: () => Promise.resolve(), close: closeMicrophone } as unknown as AudioCapture);
      }),
    speaker: {
      unlock: () => Promise.resolve(),
      enqueue: (part, delta) => void timeline.add(part, (delta.length * 0.75) / 48_000, now()),
      current: () => timeline.current(now()),
      stop: () => timeline.cut(now()),
      close: () => Promise.resolve(),
      choose: () => Promise.resolve(true),
    },
  });
  return {
    playground,
    call: () => call,
    sent,
    end: (code: number, reason: string) => wire?.onClosed(code, reason),
    closeMicrophone,
    get state() {
      return playground.store.get();
    },
    types: () => sent.map(({ type }) => type),
    say: (event: object) => wire?.onFrame(JSON.stringify({ event_id: "event_x", ...event })),
    hear: (count: number, samples = chunk, level = 0.1) => {
      for (let i = 0; i < count; i++) microphone?.onChunk(samples, level);
    },
    loseMicrophone: () => microphone?.onLost(),
    async open() {
      playground.connect();
      await vi.advanceTimersByTimeAsync(0);
      this.say({ type: "session.created", session });
      sent.length = 0;
    },
    async hold() {
      playground.press();
      await vi.advanceTimersByTimeAsync(0);
    },
    async letGo() {
      playground.release();
      await vi.advanceTimersByTimeAsync(0);
    },
    /** A reply of two seconds, of which the given time has sounded. */
    async reply(heardMs: number) {
      this.say({ type: "response.created", response });
      this.say({ type: "response.output_item.added", response_id: "resp_1", output_index: 0, item: replyItem });
      this.say({ type: "response.output_audio_transcript.delta", ...ids, delta: "One two three four." });
      this.say({ type: "response.output_audio.delta", ...ids, delta: encodePcm(new Int16Array(48_000)) });
      await vi.advanceTimersByTimeAsync(60 + heardMs);
    },
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("hold to talk", () => {
  it("sends what was said while held, then asks for the reply", async () => {
    const test = setUp();
    await test.open();
    await test.hold();
    expect(test.state.talking).toBe(true);
    test.hear(10);
    await test.letGo();
    test.hear(3);
    expect(test.state.talking).toBe(false);
    expect(test.types()).toEqual([
      ...Array<string>(10).fill("input_audio_buffer.append"),
      "input_audio_buffer.commit",
      "response.create",
    ]);
  });

  it.each([
    ["too short a press", 5, 0.1, "That was too short to hear"],
    ["a microphone that is muted", 20, 0, "No sound came from the microphone"],
  ])("kindly refuses %s", async (_, chunks, level, title) => {
    const test = setUp();
    await test.open();
    await test.hold();
    test.hear(chunks, chunk, level);
    await test.letGo();
    expect(test.types().at(-1)).toBe("input_audio_buffer.clear");
    expect(test.types()).not.toContain("response.create");
    expect(test.state.notice).toMatchObject({ tone: "info", title });
  });

  it("asks for the microphone first, and says when it is ready if the button was let go", async () => {
    let allow: (capture: AudioCapture) => void = () => undefined;
    const test = setUp({ microphone: () => new Promise((resolve) => (allow = resolve)) });
    await test.open();
    await test.hold();
    expect(test.state.microphone.state).toBe("asking");
    await test.letGo();
    allow({ flush: () => Promise.resolve(), close: () => undefined } as unknown as AudioCapture);
    await vi.advanceTimersByTimeAsync(0);
    expect(test.state).toMatchObject({ talking: false, notice: { title: "The microphone is ready" } });
  });

  it("says what is wrong with the microphone, and can try again", async () => {
    const errors: unknown[] = [
      new DOMException("no", "NotAllowedError"),
      new ProblemError(problem("microphone-insecure")),
    ];
    const test = setUp({ microphone: () => Promise.reject(errors.shift()) });
    await test.open();
    await test.hold();
    expect(test.state.notice).toMatchObject({ tone: "error", title: "The microphone is blocked for this page" });
    test.playground.retryMicrophone();
    await vi.advanceTimersByTimeAsync(0);
    expect(test.state.notice).toMatchObject({ title: "The microphone needs a secure address" });
    expect(test.state.talking).toBe(false);
  });

  it("forgets what was said on Escape", async () => {
    const test = setUp();
    await test.open();
    await test.hold();
    test.hear(20);
    test.playground.escape();
    await test.letGo();
    expect(test.types().at(-1)).toBe("input_audio_buffer.clear");
    expect(test.state).toMatchObject({ talking: false, notice: { title: "Discarded" } });
  });
});

describe("interruption", () => {
  it("stops at once, tells the server what was heard, and plays nothing that still comes", async () => {
    const test = setUp();
    await test.open();
    await test.reply(1000);
    expect(test.state.playing?.heardMs).toBeGreaterThan(900);
    test.playground.escape();
    expect(test.sent).toMatchObject([
      { type: "response.cancel" },
      { type: "conversation.item.truncate", item_id: "item_r", content_index: 0, audio_end_ms: 1000 },
    ]);
    expect(test.state.playing).toBeUndefined();
    expect(test.state.conversation.turns.at(-1)).toMatchObject({ status: "interrupted", heardMs: 1000 });
    test.say({ type: "response.output_audio.delta", ...ids, delta: encodePcm(new Int16Array(24_000)) });
    await vi.advanceTimersByTimeAsync(200);
    expect(test.state.playing).toBeUndefined();
  });

  it("cancels nothing once all was sent, but still says how much was heard", async () => {
    const test = setUp();
    await test.open();
    await test.reply(500);
    test.say({ type: "response.done", response: { ...response, status: "completed" } });
    test.playground.interrupt();
    expect(test.sent).toMatchObject([{ type: "conversation.item.truncate", audio_end_ms: 500 }]);
  });

  it("happens by pressing the talk button and by typing", async () => {
    const test = setUp();
    await test.open();
    await test.reply(100);
    await test.hold();
    expect(test.types()).toEqual(["response.cancel", "conversation.item.truncate"]);
    test.say({ type: "response.done", response: { ...response, status: "cancelled" } });
    test.sent.length = 0;
    await test.reply(100);
    expect(test.playground.sendText("  stop  ")).toBe(true);
    expect(test.types()).toEqual(["response.cancel", "conversation.item.create", "response.create"]);
  });

  it("happens when the server hears speech, which cancels by itself", async () => {
    const test = setUp();
    await test.open();
    await test.reply(700);
    test.say({ type: "input_audio_buffer.speech_started", item_id: "item_u", audio_start_ms: 0 });
    expect(test.sent).toMatchObject([{ type: "conversation.item.truncate", audio_end_ms: 700 }]);
  });
});

describe("hands-free", () => {
  it("streams while connected and not muted", async () => {
    const test = setUp();
    await test.open();
    test.playground.setMode("hands-free");
    await vi.advanceTimersByTimeAsync(0);
    expect(test.sent[0]).toMatchObject({
      type: "session.update",
      session: { audio: { input: { turn_detection: { type: "server_vad", interrupt_response: true } } } },
    });
    test.sent.length = 0;
    test.hear(2);
    test.playground.setMuted(true);
    test.hear(2);
    test.playground.setMuted(false);
    test.hear(1);
    const append = "input_audio_buffer.append";
    expect(test.types()).toEqual([append, append, "input_audio_buffer.clear", append]);
    expect(test.playground.press()).toBe(false);
  });

  it("is asked for again after a reconnection", async () => {
    const test = setUp();
    await test.open();
    test.playground.setMode("hands-free");
    test.end(1006, "");
    expect(test.state.connection.state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(700);
    test.sent.length = 0;
    test.say({ type: "session.created", session: { ...session, id: "sess_2" } });
    expect(test.sent[0]).toMatchObject({ session: { audio: { input: { turn_detection: { type: "server_vad" } } } } });
  });

  it("goes back to holding where the server cannot detect turns, and says why", async () => {
    const test = setUp();
    await test.open();
    test.playground.setMode("hands-free");
    test.sent.length = 0;
    const param = "session.audio.input.turn_detection.type";
    const message = "This server cannot detect turns.";
    test.say({ type: "error", error: { type: "invalid_request_error", code: "x", message, param, event_id: null } });
    expect(test.state).toMatchObject({ mode: "hold", notice: { detail: message } });
    expect(test.sent).toMatchObject([{ session: { audio: { input: { turn_detection: null, transcription: {} } } } }]);
    test.hear(1);
    expect(test.sent).toHaveLength(1);
  });

  it("says so when the microphone is unplugged", async () => {
    const test = setUp();
    await test.open();
    test.playground.setMode("hands-free");
    await vi.advanceTimersByTimeAsync(0);
    test.loseMicrophone();
    expect(test.state.notice).toMatchObject({ title: "The microphone was disconnected", action: "retry-microphone" });
  });
});

describe("session", () => {
  it("asks for a transcript and leaves the voice to the server until one is chosen", async () => {
    const test = setUp();
    test.playground.connect();
    await vi.advanceTimersByTimeAsync(0);
    test.say({ type: "session.created", session });
    const update = test.sent[0] as { session: { audio: { input: object; output: object } } };
    expect(update.session.audio.input).toMatchObject({ transcription: {}, turn_detection: null });
    expect(update.session.audio.output).not.toHaveProperty("voice");
    test.playground.setVoice("b");
    expect(test.sent[1]).toMatchObject({ type: "session.update", session: { audio: { output: { voice: "b" } } } });
  });

  it("offers a new session when the voice has already spoken, and begins it in the new voice", async () => {
    const test = setUp();
    await test.open();
    await test.reply(10);
    test.playground.setVoice("b");
    expect(test.types()).toEqual([]);
    expect(test.state.notice?.action).toBe("new-session");
    test.playground.connect();
    await vi.advanceTimersByTimeAsync(0);
    test.sent.length = 0;
    test.say({ type: "session.created", session });
    expect(test.sent[0]).toMatchObject({ session: { audio: { output: { voice: "b" } } } });
  });

  it("shows the server's errors, but not the harmless ones", async () => {
    const test = setUp();
    await test.open();
    const error = { type: "invalid_request_error", param: null, event_id: null };
    test.say({
      type: "error",
      error: { ...error, code: "response_cancel_not_active", message: "Cancellation failed." },
    });
    expect(test.state.notice).toBeUndefined();
    test.say({ type: "error", error: { ...error, code: "unknown_parameter", message: "Unknown parameter: 'x'." } });
    expect(test.state.notice).toMatchObject({ tone: "error", detail: "Unknown parameter: 'x'." });
  });

  it("frees the microphone when the user leaves, and sends nothing any more", async () => {
    const test = setUp();
    await test.open();
    await test.hold();
    test.playground.disconnect();
    expect(test.closeMicrophone).toHaveBeenCalledOnce();
    expect(test.state).toMatchObject({ talking: false, connection: { state: "idle" }, microphone: { state: "off" } });
    expect(test.playground.sendText("hello")).toBe(false);
    expect(test.playground.press()).toBe(false);
  });
});

describe("over WebRTC", () => {
  it("an open session is begun anew; the server plays, tells what sounds, and is told to stop", async () => {
    const page = setUp();
    await page.open();
    page.playground.setTransport("webrtc");
    await vi.advanceTimersByTimeAsync(0);
    expect(page.state).toMatchObject({ transport: "webrtc", connection: { state: "connecting" } });
    page.say({ type: "session.created", session });
    page.sent.length = 0;
    page.call()?.onStats({ roundTripMs: 40, jitterMs: 3, loss: 0, heardAfterMs: 80 });
    expect(page.state.call?.roundTripMs).toBe(40);

    page.say({ type: "response.created", response });
    page.say({ type: "response.output_item.added", response_id: "resp_1", output_index: 0, item: replyItem });
    page.say({ type: "response.content_part.added", ...ids, part: { type: "audio", transcript: "" } });
    page.say({ type: "output_audio_buffer.started", response_id: "resp_1" });
    await vi.advanceTimersByTimeAsync(500);
    expect(page.state.playing).toMatchObject({ itemId: ids.item_id });
    expect(page.state.playing?.heardMs).toBeGreaterThan(300);
    page.playground.interrupt();
    expect(page.types()).toEqual(["response.cancel", "output_audio_buffer.clear"]);
    page.say({ type: "output_audio_buffer.cleared", response_id: "resp_1" });
    expect(page.state.playing).toBeUndefined();
  });
});
