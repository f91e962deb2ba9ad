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
import { announceItem } from "./announce";
import type { SessionContext } from "./context";
import { Conversation } from "./conversation";
import { Mailbox } from "./mailbox";
import { ConversationMemory } from "./memory";
import { Playback } from "./playback";
import { Responses } from "./responses";
import { toEntry } from "./stored-items";
import { requireSupportedSession, voiceName } from "./support";
import { loadTokenizer } from "./tokenizer";
import { Transcriber } from "./transcription";
import { TurnTaking } from "./turn-taking";
import type { SessionOptions, SessionSnapshot } from "./types";
import { EventWriter } from "./writer";

const OUTPUT_LEAD_MS = 10_000;

export class RealtimeSession {
  readonly id = newId("sess");
  private readonly startedAt = performance.now();
  private readonly expiresAt: number;
  private readonly mailbox: Mailbox;
  private readonly writer: EventWriter;
  private readonly conversation: Conversation;
  private readonly context: SessionContext;
  private readonly transcriber: Transcriber;
  private readonly responses: Responses;
  private readonly turns: TurnTaking;
  private readonly playback = new Playback();
  private config: SessionConfig;
  private expiry: NodeJS.Timeout | undefined;
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
    this.context = this.makeContext();
    const { context } = this;
    this.transcriber = new Transcriber(context);
    this.responses = new Responses(context, this.transcriber, {
      playback: this.playback,
      memory: new ConversationMemory(context, options.context),
      onIdle: () => this.turns.responseEnded(),
      outputLeadMs: options.turnTaking?.outputLeadMs ?? OUTPUT_LEAD_MS,
    });
    this.turns = new TurnTaking(context, {
      responses: this.responses,
      transcriber: this.transcriber,
      playback: this.playback,
      options: options.turnTaking ?? {},
      maxAudioBytes: options.limits.maxAudioBytes,
    });
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
      this.turns.append(audio);
      const { type: format, sampleRate } = wireFormat(this.config.audio.input.format);
      this.options.observe({ type: "input-audio", at: this.now(), audio, format, sampleRate });
    });
  }

  /** Tells the client about a frame that is no event. */
  reject(error: ProtocolError, eventId: string | null): void {
    this.mailbox.post(() => this.emitError(error, eventId));
  }

  snapshot(): SessionSnapshot {
    return { resource: this.resource(), items: this.conversation.entries.map(({ item }) => item) };
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
    this.turns.close();
    this.transcriber.close();
    this.responses.close();
  }

  // ---------------------------------------------------------------- client events

  private handle(event: ClientEvent): void {
    switch (event.type) {
      case "session.update":
        return this.update(event.session);
      case "input_audio_buffer.append":
        return this.turns.append(Buffer.from(event.audio, "base64"));
      case "input_audio_buffer.commit":
        return this.turns.commit();
      case "input_audio_buffer.clear":
        this.turns.clear();
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
        return this.turns.responseStarted();
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
    this.turns.configure(before);
    this.writer.emit({ type: "session.updated", session: this.resource() });
  }

  private createItem(event: ClientEventOf<"conversation.item.create">): void {
    const entry = toEntry(event.item, wireFormat(this.config.audio.input.format), "item");
    const previous = this.conversation.insert(entry, event.previous_item_id);
    announceItem(this.context, entry.item, previous);
    if (this.config.audio.input.transcription !== null) void this.transcriber.ensure(entry);
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

  // ---------------------------------------------------------------- inside

  private makeContext(): SessionContext {
    return {
      sessionId: this.id,
      engine: this.options.engine,
      conversation: this.conversation,
      config: () => this.config,
      emit: (event: ServerEventBody) => this.writer.emit(event),
      post: (task) => this.mailbox.post(task),
      attempt: (task) => this.attempt(null, task),
      speculated: (result) => this.options.observe({ type: "speculation", at: this.now(), ...result }),
      stage: (stage, ids) =>
        this.options.observe({ type: "stage", at: this.now(), stage, ...ids } satisfies SessionObservation),
      room: () => this.options.output.room(),
      fault: (error) => this.fault(error),
    };
  }

  private guarded(eventId: string | null, task: () => void): void {
    this.mailbox.post(() => this.attempt(eventId, task));
  }

  private attempt(eventId: string | null, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.emitError(this.toProtocolError(error), eventId);
    }
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
