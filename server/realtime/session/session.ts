/**
 * One conversation with one client: takes its events, keeps its state, speaks through one writer. Everything that
 * changes it runs in one queue; providers, timers and promises come back in through that queue.
 */
import { isDeepStrictEqual } from "node:util";
import { wireFormat } from "../audio/formats";
import type { SessionObservation } from "../observers/types";
import type { ClientEvent, ClientEventOf } from "../protocol/client-events";
import { CloseCode, errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ServerEventBody } from "../protocol/server-events";
import {
  defaultSessionConfig,
  mergeSessionConfig,
  toSessionResource,
  type SessionConfig,
} from "../protocol/session-config";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import { Conversation } from "./conversation";
import { Listening, type HeardTurn } from "./listening";
import { Mailbox } from "./mailbox";
import { Playback } from "./playback";
import type { PreparedReply } from "./prepared-reply";
import { Responses } from "./responses";
import { Speculation, type Draft } from "./speculation";
import { spokenTurn, toEntry, type Entry } from "./stored-items";
import { requireSupportedSession, voiceName } from "./support";
import { loadTokenizer } from "./tokenizer";
import { Transcriber } from "./transcription";
import type { SessionOptions } from "./types";
import { EventWriter } from "./writer";

const OUTPUT_LEAD_MS = 10_000;

export class RealtimeSession {
  readonly id = newId("sess");
  private readonly startedAt = performance.now();
  private readonly expiresAt: number;
  private readonly mailbox: Mailbox;
  private readonly writer: EventWriter;
  private readonly conversation: Conversation;
  private readonly transcriber: Transcriber;
  private readonly speculation: Speculation;
  private readonly responses: Responses;
  private readonly listening: Listening;
  private readonly playback = new Playback();
  private config: SessionConfig;
  private expiry: NodeJS.Timeout | undefined;
  /** A turn ended while a response was still running: answer it when that one is done. */
  private answerOwed = false;
  /** The turn under way cut a reply short. */
  private cutShort = false;
  private closed = false;

  /** @throws ProtocolError when the engine cannot do what `config` asks for. */
  constructor(private readonly options: SessionOptions) {
    this.config = initialConfig(options);
    this.expiresAt = Math.floor((Date.now() + options.limits.maxDurationMs) / 1000);
    this.mailbox = new Mailbox((error) => this.fault(error));
    this.writer = new EventWriter({
      send: (event) => options.output.send(event),
      observe: (observation) => options.observe(observation),
      now: () => this.now(),
    });
    this.conversation = new Conversation(options.limits);
    const context = this.makeContext();
    this.transcriber = new Transcriber(context);
    this.speculation = new Speculation(context, {
      mode: () => options.turnTaking?.speculate ?? (options.engine.local === true ? "reply" : "transcribe"),
      transcribe: (clip, signal) => this.transcriber.recognise(clip, signal),
      prepare: (clip, words) => this.prepare(clip, words),
      onWords: (words) => this.listening.dismissBackchannel(words),
    });
    this.responses = new Responses(context, this.transcriber, {
      playback: this.playback,
      onIdle: () => this.responseEnded(),
      outputLeadMs: options.turnTaking?.outputLeadMs ?? OUTPUT_LEAD_MS,
    });
    this.listening = new Listening(
      context,
      {
        onTurn: (turn) => this.addTurn(turn),
        onPause: (clip) => this.speculation.begin(clip),
        onResume: () => this.speculation.drop(),
        onSpeech: (interrupt) => this.speechStarted(interrupt),
        isAssistantSpeaking: () => this.playback.isAudible || this.responses.active !== undefined,
      },
      {
        maxAudioBytes: options.limits.maxAudioBytes,
        minInterruptionMs: options.turnTaking?.minInterruptionMs ?? 0,
        ignoreBackchannels: options.turnTaking?.ignoreBackchannels ?? false,
      },
    );
  }

  get info(): { readonly sessionId: string; readonly conversationId: string } {
    return { sessionId: this.id, conversationId: this.conversation.id };
  }

  /** Greets the client with `session.created`. */
  start(): void {
    void loadTokenizer().catch((error: unknown) => this.fault(error));
    this.expiry = setTimeout(() => this.mailbox.post(() => this.expire()), this.options.limits.maxDurationMs);
    this.mailbox.post(() => {
      this.options.observe({ type: "started", at: this.now() });
      this.writer.emit({ type: "session.created", session: this.resource() });
    });
  }

  receive(event: ClientEvent): void {
    this.guarded(event.event_id ?? null, () => {
      this.options.observe({ type: "client-event", at: this.now(), event });
      this.handle(event);
    });
  }

  /** Audio of `input_audio_buffer.append`, already out of its base64. */
  append(audio: Buffer, eventId: string | null): void {
    this.guarded(eventId, () => {
      this.listening.append(audio);
      this.options.observe({ type: "input-audio", at: this.now(), audio, format: this.config.audio.input.format.type });
    });
  }

  /** Tells the client about a frame that is no event. */
  reject(error: ProtocolError, eventId: string | null): void {
    this.mailbox.post(() => this.emitError(error, eventId));
  }

  /** Resolves when no response is running. */
  finish(): Promise<void> {
    return new Promise((resolve) => this.mailbox.post(() => this.responses.onceIdle(resolve)));
  }

  /** The client is gone, or the server goes: stops everything at once, silently. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.expiry);
    this.mailbox.close();
    this.writer.close();
    this.listening.close();
    this.speculation.drop();
    this.transcriber.close();
    this.responses.close();
  }

  // ---------------------------------------------------------------- client events

  private handle(event: ClientEvent): void {
    switch (event.type) {
      case "session.update":
        return this.update(event.session);
      case "input_audio_buffer.append":
        return this.listening.append(Buffer.from(event.audio, "base64"));
      case "input_audio_buffer.commit":
        return this.listening.commit();
      case "input_audio_buffer.clear":
        this.listening.clear();
        return this.writer.emit({ type: "input_audio_buffer.cleared" });
      case "output_audio_buffer.clear":
        throw errors.unsupported(
          "type",
          "'output_audio_buffer.clear' is for WebRTC and SIP. Over WebSocket, use conversation.item.truncate.",
        );
      case "conversation.item.create":
        return this.createItem(event);
      case "conversation.item.retrieve":
        return this.retrieve(event);
      case "conversation.item.truncate":
        this.conversation.truncate(event.item_id, event.content_index, event.audio_end_ms);
        return this.writer.emit({
          type: "conversation.item.truncated",
          item_id: event.item_id,
          content_index: event.content_index,
          audio_end_ms: event.audio_end_ms,
        });
      case "conversation.item.delete":
        this.conversation.remove(event.item_id);
        this.transcriber.forget(event.item_id);
        return this.writer.emit({ type: "conversation.item.deleted", item_id: event.item_id });
      case "response.create":
        this.responses.create(event.response ?? {});
        return this.listening.stopIdleTimer();
      case "response.cancel":
        return this.responses.cancel(event.response_id);
      default:
        event satisfies never;
    }
  }

  private update(patch: ClientEventOf<"session.update">["session"]): void {
    const next = mergeSessionConfig(this.config, patch);
    if (next.model !== this.config.model) {
      throw errors.invalidValue(
        "session.model",
        `The model of a session cannot be changed: it is '${this.config.model}'.`,
      );
    }
    if (this.config.tracing !== null && !isDeepStrictEqual(next.tracing, this.config.tracing)) {
      throw errors.invalidValue("session.tracing", "Tracing cannot be changed once it is on.");
    }
    const voiceChanges = voiceName(next.audio.output.voice) !== voiceName(this.config.audio.output.voice);
    if (voiceChanges && this.conversation.hasAssistantAudio) throw errors.voiceLocked();
    requireSupportedSession(next, this.options.engine);
    const before = this.config.audio.input;
    this.config = next;
    this.listening.configure(before);
    this.writer.emit({ type: "session.updated", session: this.resource() });
  }

  private createItem(event: ClientEventOf<"conversation.item.create">): void {
    const entry = toEntry(event.item, wireFormat(this.config.audio.input.format.type), "item");
    const { previous_item_id: previousItemId } = event;
    this.addItem(entry, previousItemId === undefined ? {} : { previousItemId });
  }

  private retrieve({ item_id, event_id }: ClientEventOf<"conversation.item.retrieve">): void {
    this.conversation.retrieve(item_id).then(
      (item) => this.mailbox.post(() => this.writer.emit({ type: "conversation.item.retrieved", item })),
      (error: unknown) =>
        this.guarded(event_id ?? null, () => {
          throw error;
        }),
    );
  }

  // ---------------------------------------------------------------- turns

  private addTurn({ itemId, clip, respond, atPause }: HeardTurn): void {
    const draft = atPause ? this.speculation.take() : undefined;
    const entry = spokenTurn(itemId, clip, null);
    this.writer.emit({
      type: "input_audio_buffer.committed",
      item_id: itemId,
      previous_item_id: this.conversation.lastId,
    });
    this.addItem(entry, { draft });
    if (!respond) {
      draft?.reply?.drop();
      return;
    }
    void this.transcriber.ensure(entry, draft);
    if (this.responses.active === undefined) return this.answer(draft?.reply);
    draft?.reply?.drop();
    this.answerOwed = true;
  }

  private prepare(clip: AudioClip, words: string): PreparedReply | undefined {
    if (this.config.audio.input.turn_detection?.create_response !== true) return undefined;
    try {
      return this.responses.prepare(spokenTurn(newId("item"), clip, words));
    } catch (error) {
      // What is wrong is told when the response is really asked for.
      if (!(error instanceof ProtocolError)) this.fault(error);
      return undefined;
    }
  }

  private addItem(
    entry: Entry,
    { previousItemId, draft }: { previousItemId?: string; draft?: Draft | undefined },
  ): void {
    const previous = this.conversation.insert(entry, previousItemId);
    this.writer.emit({ type: "conversation.item.added", item: entry.item, previous_item_id: previous });
    this.writer.emit({ type: "conversation.item.done", item: entry.item, previous_item_id: previous });
    if (this.config.audio.input.transcription !== null) void this.transcriber.ensure(entry, draft);
  }

  private answer(prepared?: PreparedReply): void {
    this.answerOwed = false;
    try {
      const resumes = this.cutShort && this.options.turnTaking?.resumeFalseInterruptions === true;
      this.responses.create({}, { prepared, resumes });
      this.listening.stopIdleTimer();
    } catch (error) {
      this.emitError(this.toProtocolError(error), null);
    }
  }

  private speechStarted(interrupt: boolean): void {
    this.cutShort = interrupt && this.responses.interrupt().cutShort;
  }

  private responseEnded(): void {
    if (this.answerOwed) return this.answer();
    this.listening.awaitSpeech(this.playback.aheadMs);
  }

  // ---------------------------------------------------------------- inside

  private makeContext(): SessionContext {
    return {
      sessionId: this.id,
      engine: this.options.engine,
      conversation: this.conversation,
      config: () => this.config,
      emit: (event: ServerEventBody) => this.writer.emit(event),
      post: (task) => this.mailbox.post(task),
      speculated: (result) => this.options.observe({ type: "speculation", at: this.now(), ...result }),
      stage: (stage, ids) =>
        this.options.observe({ type: "stage", at: this.now(), stage, ...ids } satisfies SessionObservation),
      room: () => this.options.output.room(),
      fault: (error) => this.fault(error),
    };
  }

  private guarded(eventId: string | null, task: () => void): void {
    this.mailbox.post(() => {
      try {
        task();
      } catch (error) {
        this.emitError(this.toProtocolError(error), eventId);
      }
    });
  }

  private emitError(error: ProtocolError, eventId: string | null): void {
    this.writer.emit({ type: "error", error: error.toBody(eventId) });
  }

  private toProtocolError(error: unknown): ProtocolError {
    if (error instanceof ProtocolError) return error;
    this.fault(error);
    return errors.serverError();
  }

  private expire(): void {
    this.emitError(errors.sessionExpired(Math.round(this.options.limits.maxDurationMs / 60_000)), null);
    this.close();
    this.options.output.end(CloseCode.normal, "session_expired");
  }

  private resource() {
    return toSessionResource(this.config, { id: this.id, expiresAt: this.expiresAt });
  }

  private now(): number {
    return performance.now() - this.startedAt;
  }

  private fault(error: unknown): void {
    this.options.onFault?.(error);
  }
}

/** What a session begins with: the defaults, without turn detection where nobody can do it, and `config` on top. */
export function initialConfig({
  model,
  engine,
  config,
}: Pick<SessionOptions, "model" | "engine" | "config">): SessionConfig {
  const defaults = defaultSessionConfig({ model, voice: engine.defaultVoice });
  const withoutVad = { type: "realtime", audio: { input: { turn_detection: null } } } as const;
  const base = engine.vad === undefined ? mergeSessionConfig(defaults, withoutVad) : defaults;
  if (config === undefined) return base;
  const chosen = mergeSessionConfig(base, { ...config, model });
  requireSupportedSession(chosen, engine);
  return chosen;
}
