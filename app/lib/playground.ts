/** The page's conductor: connection, microphone, speaker and conversation, each of which knows nothing of the others. */
import type { ClientEvent } from "../../server/realtime/protocol/client-events";
import type { ServerEvent } from "../../server/realtime/protocol/server-events";
import type { AudioCapture, CaptureListener } from "./audio-capture";
import { encodePcm } from "./base64";
import { isReplying, reduceConversation } from "./conversation-state";
import type { ConversationInput } from "./conversation-types";
import { appendToLog, clearLog, type LoggedEvent } from "./event-log";
import { HoldToTalk } from "./hold-to-talk";
import { Microphone } from "./microphone";
import { errorNotice, microphoneNotice, type Notice, notices } from "./notices";
import { initialState, type PlaygroundState, Store } from "./playground-state";
import { type ConnectionStatus, RealtimeConnection } from "./realtime-connection";
import { ReplyPlayer, type Speaker } from "./reply-player";
import type { ClientSecret } from "./secrets";
import { changeMode, changeVoice, configureSession, type TalkMode, voiceOf } from "./session-settings";

export interface PlaygroundParts {
  readonly mint: () => Promise<ClientSecret>;
  readonly openSocket: (secret: string) => WebSocket;
  readonly openMicrophone: (listener: CaptureListener) => Promise<AudioCapture>;
  readonly speaker: Speaker;
}

/** What an error names that refuses hands-free talking. */
const TURN_DETECTION = "session.audio.input.turn_detection";

export class Playground {
  readonly store = new Store<PlaygroundState>(initialState);
  readonly #player: ReplyPlayer;
  readonly #connection: RealtimeConnection;
  readonly #microphone: Microphone;
  readonly #talk: HoldToTalk;
  #level = 0;

  constructor(parts: PlaygroundParts) {
    this.#player = new ReplyPlayer({
      speaker: parts.speaker,
      onPlaying: (playing) => this.store.set({ playing }),
    });
    this.#connection = new RealtimeConnection({
      mint: async () => {
        const secret = await parts.mint();
        this.store.set({ server: secret.server });
        return secret;
      },
      openSocket: parts.openSocket,
      listener: {
        onStatus: (status) => this.#onStatus(status),
        onReceived: (event, size) => this.#onReceived(event, size),
        onSent: (event, size) => this.#onSent(event, size),
      },
    });
    this.#microphone = new Microphone({
      open: parts.openMicrophone,
      onChunk: (samples, level) => this.#onChunk(samples, level),
      onStatus: (microphone) => {
        const notice = microphone.state === "failed" ? { notice: microphoneNotice(microphone.problem) } : {};
        this.store.set({ microphone, ...notice });
      },
    });
    this.#talk = new HoldToTalk({
      microphone: this.#microphone,
      send: (event) => this.#send(event),
      tell: (notice) => this.#tell(notice),
      onStart: () => {
        this.interrupt();
        this.store.set({ talking: true });
      },
      onStop: () => this.store.set({ talking: false }),
    });
  }

  /** Begins a session, or a new one in place of the old. Call it from a click, so that replies may sound. */
  connect(): void {
    this.#player.unlock();
    this.#silence();
    this.#connection.connect();
  }

  /** Cuts the wait before the next try short. */
  reconnectNow(): void {
    if (this.#state.connection.state === "waiting") this.#connection.connect();
  }

  disconnect(): void {
    this.#connection.close();
    this.#microphone.close();
  }

  /** Frees the device, the socket and the speaker. `connect` starts over. */
  dispose(): void {
    this.disconnect();
    this.#player.dispose();
  }

  /** How loud the microphone is now: RMS, 0 to 1. Read it once a frame. */
  get level(): number {
    return this.#microphone.isOn ? this.#level : 0;
  }

  setMode(mode: TalkMode): void {
    if (mode === this.#state.mode) return;
    this.#talk.discard();
    this.store.set({ mode, muted: false, notice: undefined });
    this.store.flush();
    if (!this.#isOpen) return;
    this.#send(changeMode(mode));
    this.#send({ type: "input_audio_buffer.clear" });
    if (mode === "hands-free") void this.#microphone.ensure();
  }

  setVoice(voice: string): void {
    const { session, voiceLocked } = this.#state.conversation;
    this.store.set({ voice });
    this.store.flush();
    if (!this.#isOpen || session === undefined || voice === voiceOf(session)) return;
    if (voiceLocked) this.#tell(notices.voiceFixed);
    else this.#send(changeVoice(voice));
  }

  setMuted(muted: boolean): void {
    this.store.set({ muted });
    if (muted) this.#send({ type: "input_audio_buffer.clear" });
  }

  sendText(text: string): boolean {
    const words = text.trim();
    if (words === "" || !this.#isOpen) return false;
    this.interrupt();
    const item = { type: "message", role: "user", content: [{ type: "input_text", text: words }] } as const;
    this.#send({ type: "conversation.item.create", item: { ...item, content: [...item.content] } });
    this.#send({ type: "response.create" });
    this.store.set({ notice: undefined });
    return true;
  }

  /** The talk button went down. The first press asks for the microphone. False where holding means nothing. */
  press(): boolean {
    if (!this.#isOpen || this.#state.mode !== "hold") return false;
    this.store.set({ notice: undefined });
    this.#player.unlock();
    void this.#talk.press();
    return true;
  }

  /** The talk button came up: what was said is sent, unless there was nothing to hear. */
  release(): void {
    void this.#talk.release();
  }

  /** Forgets what is being said, or stops the reply. */
  escape(): void {
    if (this.#state.talking) this.#talk.discard();
    else this.interrupt();
  }

  /** Stops the reply at once; the server forgets what was not heard of it. */
  interrupt(): void {
    if (isReplying(this.#state.conversation)) this.#send({ type: "response.cancel" });
    this.#silence();
  }

  clearLog(): void {
    this.store.set({ log: clearLog(this.#state.log) });
  }

  dismissNotice(): void {
    this.store.set({ notice: undefined });
  }

  retryMicrophone(): void {
    this.store.set({ notice: undefined });
    void this.#microphone.ensure().then((on) => {
      if (on && this.#state.mode === "hold") this.#tell(notices.ready);
    });
  }

  get #state(): PlaygroundState {
    return this.store.get();
  }

  get #isOpen(): boolean {
    return this.#state.connection.state === "open";
  }

  #send(event: ClientEvent): void {
    this.#connection.send(event);
  }

  #tell(notice: Notice): void {
    this.store.set({ notice });
  }

  #onStatus(connection: ConnectionStatus): void {
    this.store.set({ connection });
    if (connection.state === "open") {
      this.#send(configureSession(this.#state.mode, this.#state.voice));
      if (this.#state.mode === "hands-free") void this.#microphone.ensure();
      return;
    }
    this.#talk.reset();
    this.#silence();
    this.#apply({ type: "disconnected" });
    if (connection.state === "failed") this.#microphone.close();
  }

  #onReceived(event: ServerEvent, size: number): void {
    this.#log({ direction: "received", event, size, at: Date.now() });
    this.#apply({ type: "received", event, at: performance.now() });
    switch (event.type) {
      case "session.created":
        this.#player.reset();
        this.store.set({ notice: undefined });
        return;
      case "response.output_audio.delta":
        this.#player.play(event.response_id, { itemId: event.item_id, contentIndex: event.content_index }, event.delta);
        return;
      case "input_audio_buffer.speech_started":
        if (this.#state.conversation.session?.audio.input.turn_detection?.interrupt_response) this.#silence();
        return;
      case "error": {
        const notice = errorNotice(event);
        if (notice !== undefined) this.#tell(notice);
        if (event.error.param?.startsWith(TURN_DETECTION)) this.#backToHolding();
        return;
      }
      default:
        return;
    }
  }

  /** The server cannot listen by itself, and it discards a refused configuration whole. */
  #backToHolding(): void {
    if (this.#state.mode === "hold") return;
    this.store.set({ mode: "hold" });
    this.#send(configureSession("hold", this.#state.voice));
  }

  #onSent(event: ClientEvent, size: number): void {
    this.#log({ direction: "sent", event, size, at: Date.now() });
    this.#apply({ type: "sent", event, at: performance.now() });
  }

  #onChunk(samples: Int16Array, level: number): void {
    this.#level = level;
    const { mode, muted } = this.#state;
    const wanted = mode === "hold" ? this.#talk.isRecording : !muted && this.#isOpen;
    if (!wanted) return;
    this.#talk.add(samples.length, level);
    this.#send({ type: "input_audio_buffer.append", audio: encodePcm(samples) });
  }

  /** Nothing more of the replies so far is heard, and each is cut to what was. */
  #silence(): void {
    const replying = Object.keys(this.#state.conversation.active);
    for (const { itemId, contentIndex, heardMs } of this.#player.silence(replying)) {
      this.#apply({ type: "cut", itemId, heardMs });
      this.#send({
        type: "conversation.item.truncate",
        item_id: itemId,
        content_index: contentIndex,
        audio_end_ms: heardMs,
      });
    }
  }

  #apply(input: ConversationInput): void {
    this.store.set({ conversation: reduceConversation(this.#state.conversation, input) });
  }

  #log(event: LoggedEvent): void {
    this.store.set({ log: appendToLog(this.#state.log, event) });
  }
}
