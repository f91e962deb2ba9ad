/** The page's conductor: connection, microphone, speaker and conversation, each of which knows nothing of the others. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import type { AudioCapture, CaptureListener } from "./audio-capture";
import { encodePcm } from "./base64";
import { runBuiltIn } from "./built-in-tools";
import { isReplying, reduceConversation } from "./conversation-state";
import { CallPlaying } from "./call-playing";
import type { CallParts } from "./call-wire";
import type { ApprovalAnswer, ConversationInput } from "./conversation-types";
import { appendToLog, clearLog, type LoggedEvent } from "./event-log";
import { HoldToTalk } from "./hold-to-talk";
import { Microphone } from "./microphone";
import { errorNotice, microphoneNotice, type Notice, notices } from "./notices";
import { initialState, type PlaygroundState, Store, type Transport } from "./playground-state";
import { type ConnectionStatus, RealtimeConnection } from "./realtime-connection";
import { ReplyPlayer, type Speaker } from "./reply-player";
import type { ClientSecret } from "./secrets";
import { changeMode, changeSetup, changeVoice, CONFIGURE, configureSession, voiceOf } from "./session-settings";
import type { Setup, TalkMode } from "./setup";
import { ToolDesk } from "./tool-desk";
import type { OpenWire } from "./wire";

export interface PlaygroundParts {
  readonly mint: () => Promise<ClientSecret>;
  readonly openWire: OpenWire;
  /** Makes what opens calls over WebRTC. */
  readonly callWire: (parts: CallParts) => OpenWire;
  /** `deviceId` undefined: the browser's own choice. */
  readonly openMicrophone: (listener: CaptureListener, deviceId: string | undefined) => Promise<AudioCapture>;
  readonly speaker: Speaker;
}

/** Whoever types or drags changes many things in a second. */
const SETTLE_MS = 350;
/** What an error names that refuses hands-free talking. */
const TURN_DETECTION = "session.audio.input.turn_detection";

export class Playground {
  readonly store = new Store<PlaygroundState>(initialState);
  readonly #player: ReplyPlayer;
  readonly #connection: RealtimeConnection;
  readonly #microphone: Microphone;
  readonly #talk: HoldToTalk;
  readonly #tools: ToolDesk;
  readonly #callPlaying = new CallPlaying((playing) => this.store.set({ playing }));
  #settling: ReturnType<typeof setTimeout> | undefined;
  /** The setup that the server was last told. */
  #told: Setup = initialState.setup;
  #level = 0;

  constructor(parts: PlaygroundParts) {
    this.#player = new ReplyPlayer({
      speaker: parts.speaker,
      onPlaying: (playing) => this.store.set({ playing }),
    });
    const openCall = parts.callWire({
      microphoneId: () => this.#state.microphoneId,
      speakerId: () => this.#state.speakerId,
      onStats: (call) => this.store.set({ call }),
    });
    this.#connection = new RealtimeConnection({
      mint: async () => {
        const secret = await parts.mint();
        this.store.set({ server: secret.server });
        return secret;
      },
      openWire: (target, listener) =>
        (this.#state.transport === "webrtc" ? openCall : parts.openWire)(target, listener),
      model: () => this.#state.setup.model,
      listener: {
        onStatus: (status) => this.#onStatus(status),
        onReceived: (event, size) => this.#onReceived(event, size),
        onSent: (event, size) => this.#onSent(event, size),
      },
    });
    this.#microphone = new Microphone({
      open: (listener) => parts.openMicrophone(listener, this.#state.microphoneId),
      onChunk: (samples, level) => this.#onChunk(samples, level),
      onStatus: (microphone) => {
        const notice = microphone.state === "failed" ? { notice: microphoneNotice(microphone.problem) } : {};
        this.store.set({ microphone, ...notice });
      },
    });
    this.#tools = new ToolDesk({
      send: (event) => this.#send(event),
      conversation: () => this.#state.conversation,
      answerOf: ({ name, arguments: json }) => {
        const tool = this.#state.setup.tools.find((each) => each.name === name);
        return tool?.builtIn === true ? runBuiltIn(name, json) : tool?.mock;
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
    this.#send(changeMode(mode, this.#state.setup));
    this.#send({ type: "input_audio_buffer.clear" });
    if (mode === "hands-free") void this.#microphone.ensure();
  }

  /** A session does not change what carries it: an open one is begun anew. */
  setTransport(transport: Transport): void {
    if (transport === this.#state.transport) return;
    this.store.set({ transport });
    this.store.flush();
    if (this.#isOpen) this.connect();
  }

  setVoice(voice: string): void {
    const { session, voiceLocked } = this.#state.conversation;
    this.store.set({ setup: { ...this.#state.setup, voice } });
    this.store.flush();
    this.#told = { ...this.#told, voice };
    if (!this.#isOpen || session === undefined || voice === voiceOf(session)) return;
    if (voiceLocked) this.#tell(notices.voiceFixed);
    else this.#send(changeVoice(voice));
  }

  /** Changes what one talks to. A running session is told once the changes have settled; another model needs a new one. */
  configure(patch: Partial<Setup>): void {
    const setup = { ...this.#state.setup, ...patch };
    this.store.set({ setup });
    this.store.flush();
    if (!this.#isOpen) return;
    clearTimeout(this.#settling);
    if (setup.model !== this.#told.model) {
      this.#tell(notices.modelFixed);
      return;
    }
    this.#settling = setTimeout(() => this.#tellSetup(), SETTLE_MS);
  }

  /** Puts another setup in the place of this one, for example an agent's: a session that is open begins anew. */
  load({ setup, mode = this.#state.mode }: { readonly setup: Setup; readonly mode: TalkMode | undefined }): void {
    const again = this.#isOpen;
    if (again) this.#connection.close();
    this.setMode(mode);
    this.configure(setup);
    if (again) this.connect();
  }

  /** Takes effect with the next opening of the microphone, which this brings about where it is open. */
  setMicrophone(microphoneId: string | undefined): void {
    this.store.set({ microphoneId });
    if (!this.#microphone.isOn) return;
    this.#microphone.close();
    void this.#microphone.ensure();
  }

  async setSpeaker(speakerId: string | undefined): Promise<void> {
    this.store.set({ speakerId });
    if (!(await this.#player.choose(speakerId))) this.#tell(notices.speakerRefused);
  }

  answerTool(callId: string, output: string): void {
    this.#tools.answer(callId, output);
  }

  /** Lets a call of an MCP server's tool be made, or not. */
  approve(requestId: string, answer: ApprovalAnswer): void {
    this.#tools.approve(requestId, answer);
  }

  setMuted(muted: boolean): void {
    this.store.set({ muted });
    if (muted) this.#send({ type: "input_audio_buffer.clear" });
  }

  /** `images` are data URLs. False when it was not sent. */
  sendText(text: string, images: readonly string[] = []): boolean {
    const words = text.trim();
    if ((words === "" && images.length === 0) || !this.#isOpen) return false;
    this.interrupt();
    const content = [
      ...images.map((image_url) => ({ type: "input_image" as const, image_url, detail: "auto" as const })),
      ...(words === "" ? [] : [{ type: "input_text" as const, text: words }]),
    ];
    this.#send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
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
    // Over a call the server plays, and it cuts the item itself.
    if (this.#state.transport === "webrtc" && this.#isOpen) this.#send({ type: "output_audio_buffer.clear" });
    this.#silence();
  }

  clearLog(): void {
    this.store.set({ log: clearLog(this.#state.log) });
  }

  /** Something on the page did not work out. */
  tellProblem(title: string): void {
    this.#tell({ tone: "error", title, detail: undefined, action: undefined });
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
      this.#told = this.#state.setup;
      this.#send(configureSession(this.#state.mode, this.#state.setup));
      if (this.#state.mode === "hands-free") void this.#microphone.ensure();
      return;
    }
    clearTimeout(this.#settling);
    this.#callPlaying.stop();
    this.#tools.reset();
    this.#talk.reset();
    this.#silence();
    this.#apply({ type: "disconnected" });
    if (connection.state === "failed") this.#microphone.close();
  }

  #onReceived(event: ServerEvent, size: number): void {
    this.#log({ direction: "received", event, size, at: Date.now() });
    this.#apply({ type: "received", event, at: performance.now() });
    this.#callPlaying.received(event);
    this.#tools.received(event);
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
        // Whoever came to talk to an agent does not want somebody else.
        else if (event.error.event_id === CONFIGURE && this.#state.setup.agent) this.disconnect();
        return;
      }
      default:
        return;
    }
  }

  /** The voice goes by itself, since a session that has spoken would refuse everything else along with it. */
  #tellSetup(): void {
    if (!this.#isOpen) return;
    const { setup, mode, conversation } = this.#state;
    const voice = setup.voice === this.#told.voice ? undefined : setup.voice;
    this.#send(changeSetup(mode, { setup: { ...setup, voice: this.#told.voice }, before: this.#told }));
    this.#told = setup;
    if (voice === undefined) return;
    if (conversation.voiceLocked) this.#tell(notices.voiceFixed);
    else this.#send(changeVoice(voice));
  }

  /** The server cannot listen by itself, and it discards a refused configuration whole. */
  #backToHolding(): void {
    if (this.#state.mode === "hold") return;
    this.store.set({ mode: "hold" });
    this.#told = this.#state.setup;
    this.#send(configureSession("hold", this.#state.setup));
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
