/**
 * One session with one client, a conversation or a transcription: takes its events, keeps its state, speaks through one
 * writer. Everything that changes it runs in one queue; providers, timers and promises come back in through that queue.
 */
import { isDeepStrictEqual } from "node:util";
import { wireFormat, type WireFormat } from "../audio/formats";
import type { SessionObservation } from "../observers/types";
import type { ClientEvent, ClientEventOf, ConversationEvent } from "../protocol/client-events";
import { errors, type ProtocolError } from "../protocol/errors";
import type { ServerEventBody } from "../protocol/server-events";
import { withoutSecrets } from "../protocol/secrets";
import {
  mergeSessionConfig,
  toSessionResource,
  type RealtimeConfigInput,
  type SessionConfig,
} from "../protocol/session-config";
import { announceItem } from "./announce";
import type { SessionContext } from "./context";
import { Conversation } from "./conversation";
import { initialConfig } from "./initial-config";
import { knownEvent } from "./kinds";
import { ConversationMemory } from "./memory";
import { Meter } from "./meter";
import { EstimatedPlayback } from "./playback";
import { Responses } from "./responses";
import { Gate } from "./gate";
import { NO_AGENT, SessionAgent, type AgentRole, type Found } from "./session-agent";
import { SessionMcp } from "./session-mcp";
import { SessionShell } from "./shell";
import { responseParams, type FilledPrompt, type ResponseParams } from "./stored-prompts";
import { promptOf, type PromptAsked } from "./prompt-of";
import { toEntry } from "./stored-items";
import { requireSupportedSession, requireTrackFormats, voiceName } from "./support";
import { loadTokenizer } from "./tokenizer";
import { ToolCalls } from "./tool-calls";
import { Toolbox } from "./toolbox";
import { TRACK_FORMAT, TrackPlayback } from "./track-playback";
import { Transcriber } from "./transcription";
import { TurnTaking } from "./turn-taking";
import { unlimited } from "../usage-gate";
import type { SessionOptions, SessionSnapshot } from "./types";

const OUTPUT_LEAD_MS = 10_000;

/** For a session on the main path: translation is another class. */
export interface ConversationOptions extends SessionOptions {
  readonly kind?: SessionConfig["type"];
}

export class RealtimeSession {
  readonly id: string;
  readonly copiesAudio = true;
  private readonly shell: SessionShell;
  private readonly conversation: Conversation;
  private readonly context: SessionContext;
  private readonly transcriber: Transcriber;
  private readonly responses: Responses;
  private readonly turns: TurnTaking;
  private readonly calls: ToolCalls;
  private readonly playback: EstimatedPlayback | TrackPlayback;
  private readonly mcp: SessionMcp;
  private readonly agent: SessionAgent;
  private readonly gate: Gate;
  private readonly toolbox: Toolbox;
  private role = NO_AGENT;
  private config: SessionConfig;

  /** @throws ProtocolError when the engine cannot do what `config` asks for. */
  constructor(private readonly options: ConversationOptions) {
    this.config = initialConfig(options);
    this.shell = new SessionShell(options);
    this.id = this.shell.id;
    this.conversation = new Conversation(options.limits);
    this.context = this.makeContext();
    const { context } = this;
    this.playback = this.makePlayback();
    this.transcriber = new Transcriber(context, this.config.type === "transcription" ? this.makeMeter() : undefined);
    this.mcp = new SessionMcp(context, options);
    this.calls = this.makeCalls();
    this.toolbox = new Toolbox(options.tools ?? [], this.mcp.servers);
    this.agent = new SessionAgent(context, {
      store: options.prompts,
      tenant: options.tenant,
      become: (session, role) => this.configure(mergeSessionConfig(this.config, session), role),
    });
    this.gate = new Gate((error) => this.shell.post(() => this.shell.emitError(error, null)));
    this.responses = new Responses(context, this.transcriber, {
      toolbox: this.toolbox,
      calls: this.calls,
      mcp: this.mcp,
      guardrails: options.guardrails ?? [],
      tenant: options.tenant,
      playback: this.playback,
      memory: new ConversationMemory(context, options.context),
      usage: options.usage ?? unlimited,
      onIdle: () => {
        this.turns.responseEnded();
        this.calls.goOn();
      },
      outputLeadMs: options.turnTaking?.outputLeadMs ?? OUTPUT_LEAD_MS,
    });
    this.turns = new TurnTaking(context, {
      responses: this.responses,
      transcriber: this.transcriber,
      playback: this.playback,
      options: options.turnTaking ?? {},
      onInterrupt: () => this.calls.interrupted(),
      onQuiet: () => this.calls.goOn(),
      maxAudioBytes: options.limits.maxAudioBytes,
    });
  }

  get info(): { readonly sessionId: string; readonly conversationId: string } {
    return { sessionId: this.id, conversationId: this.conversation.id };
  }

  /** Greets the client with `session.created`. */
  start(): void {
    void loadTokenizer().catch((error: unknown) => this.shell.fault(error));
    this.shell.start(
      () => ({ type: "session.created", session: this.resource() }),
      () => this.stop(),
    );
    this.shell.post(() => this.configureMcp());
    const { config, options } = this;
    if (config.type !== "realtime" || config.prompt === null || options.config?.type !== "realtime") return;
    // What the key or secret says beside the prompt wins, as in an update.
    const patch = { ...options.config, model: config.model };
    this.awaitPrompt({ reference: config.prompt, param: "session.prompt", eventId: null }, (prompt) =>
      this.becomeAgent(prompt, patch),
    );
  }

  receive(event: ClientEvent): void {
    const eventId = event.event_id ?? null;
    const observe = (): void =>
      this.options.observe({ type: "client-event", at: this.shell.now(), event: withoutSecrets(event) });
    const asked = this.agent.isOffered ? promptOf(event) : undefined;
    if (asked === undefined) {
      return this.gate.enter(() =>
        this.shell.guarded(eventId, () => {
          observe();
          this.handle(knownEvent(this.config.type, event));
        }),
      );
    }
    this.awaitPrompt({ ...asked, eventId }, (prompt) => {
      observe();
      const known = knownEvent(this.config.type, event);
      if (known.type === "session.update" && known.session.type === "realtime")
        return this.becomeAgent(prompt, known.session);
      if (known.type !== "response.create") return this.handle(known);
      this.handle({ ...known, response: responseParams(prompt, known.response ?? {}) });
    });
  }

  /** Looks a stored prompt up; what the client sends meanwhile waits its turn. */
  private awaitPrompt(asked: PromptAsked, then: (prompt: FilledPrompt) => void): void {
    let found: Found | undefined;
    const look = async (): Promise<void> => {
      found = await this.agent.find(asked.reference, asked.param);
    };
    const run = (): void =>
      this.shell.guarded(asked.eventId, () => {
        if (found === undefined) return;
        try {
          if ("error" in found) throw found.error;
          then(found.prompt);
        } catch (error) {
          // Whoever opened the session may have expected that agent.
          this.options.becomes?.(this.role.info);
          throw error;
        }
      });
    this.gate.enter(run, look);
  }

  /** Audio of `input_audio_buffer.append`, already out of its base64. */
  append(bytes: Buffer, eventId: string | null): void {
    if (!this.gate.isShut && this.shell.take(eventId, bytes, this.take)) return;
    const audio = Buffer.from(bytes);
    this.gate.enter(() => this.shell.guarded(eventId, () => this.take(audio)));
  }

  /** Tells the client about a frame that is no event. */
  reject(error: ProtocolError, eventId: string | null): void {
    this.gate.enter(() => this.shell.post(() => this.shell.emitError(error, eventId)));
  }

  snapshot(): SessionSnapshot {
    return { resource: this.resource(), items: this.conversation.entries.map(({ item }) => item) };
  }

  /** Resolves when no response is running. */
  finish(): Promise<void> {
    return new Promise((resolve) => this.shell.post(() => this.responses.onceIdle(resolve)));
  }

  /** The client is gone, or the server goes: stops everything at once, silently. */
  close(): void {
    this.shell.close();
  }

  // ---------------------------------------------------------------- client events

  private handle(event: ConversationEvent): void {
    switch (event.type) {
      case "session.update":
        return this.update(event.session);
      case "input_audio_buffer.append":
        return this.turns.append(Buffer.from(event.audio, "base64"));
      case "input_audio_buffer.commit":
        return this.turns.commit();
      case "input_audio_buffer.clear":
        this.turns.clear();
        return this.shell.emit({ type: "input_audio_buffer.cleared" });
      case "output_audio_buffer.clear":
        if (this.playback.onTrack) return this.responses.clearPlayback();
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
        return this.shell.emit({
          type: "conversation.item.truncated",
          item_id: event.item_id,
          content_index: event.content_index,
          audio_end_ms: event.audio_end_ms,
        });
      case "conversation.item.delete":
        this.conversation.remove(event.item_id);
        this.transcriber.forget(event.item_id);
        return this.shell.emit({ type: "conversation.item.deleted", item_id: event.item_id });
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
    const leaves = patch.type === "realtime" && patch.prompt === null;
    this.configure(mergeSessionConfig(this.config, patch), leaves ? NO_AGENT : this.role);
  }

  /** What was saved, and what the client says on top. */
  private becomeAgent(prompt: FilledPrompt, patch: RealtimeConfigInput): void {
    const { session, role } = this.agent.of(prompt);
    this.configure(mergeSessionConfig(mergeSessionConfig(this.config, session), patch), role);
  }

  private configure(next: SessionConfig, role: AgentRole): void {
    this.requireLasting(next);
    requireSupportedSession(next, { ...this.options, tools: [...(this.options.tools ?? []), ...role.tools] });
    if (this.options.audio !== undefined) requireTrackFormats(next);
    if (role !== this.role) this.options.becomes?.(role.info);
    const before = this.config.audio.input;
    this.config = next;
    this.role = role;
    this.toolbox.use(role.tools);
    this.turns.configure(before);
    this.shell.emit({ type: "session.updated", session: this.resource() });
    this.configureMcp();
  }

  private configureMcp(): void {
    if (this.config.type === "realtime") this.mcp.configure(this.config.tools);
  }

  /** Throws for a change of what cannot change any more. */
  private requireLasting(next: SessionConfig): void {
    const { config } = this;
    if (next.type !== "realtime" || config.type !== "realtime") return;
    if (next.model !== config.model) {
      throw errors.invalidValue("session.model", `The model of a session cannot be changed: it is '${config.model}'.`);
    }
    if (config.tracing !== null && !isDeepStrictEqual(next.tracing, config.tracing)) {
      throw errors.invalidValue("session.tracing", "Tracing cannot be changed once it is on.");
    }
    const voiceChanges = voiceName(next.audio.output.voice) !== voiceName(config.audio.output.voice);
    if (voiceChanges && this.conversation.hasAssistantAudio) throw errors.voiceLocked();
  }

  private createItem(event: ClientEventOf<"conversation.item.create">): void {
    const entry = toEntry(event.item, wireFormat(this.config.audio.input.format), "item");
    this.mcp.require(entry.item);
    const previous = this.conversation.insert(entry, event.previous_item_id);
    announceItem(this.context, entry.item, previous);
    this.mcp.take(entry.item);
    if (entry.item.type === "function_call_output") this.calls.answered(entry.item.call_id);
    if (this.config.audio.input.transcription !== null) void this.transcriber.ensure(entry);
  }

  private retrieve({ item_id, event_id }: ClientEventOf<"conversation.item.retrieve">): void {
    this.conversation.retrieve(item_id).then(
      (item) => this.shell.post(() => this.shell.emit({ type: "conversation.item.retrieved", item })),
      (error: unknown) =>
        this.shell.guarded(event_id ?? null, () => {
          throw error;
        }),
    );
  }

  // ---------------------------------------------------------------- inside

  private makeContext(): SessionContext {
    const { shell, options } = this;
    return {
      sessionId: this.id,
      engine: options.engine,
      conversation: this.conversation,
      config: () => this.config,
      answering: () => {
        if (this.config.type === "realtime") return this.config;
        throw new Error(`A ${this.config.type} session never answers.`);
      },
      emit: (event: ServerEventBody) => shell.emit(event),
      post: (task) => shell.post(task),
      attempt: (task) => shell.attempt(null, task),
      speculated: (result) => options.observe({ type: "speculation", at: shell.now(), ...result }),
      spoken: (audio) => options.observe({ type: "output-audio", at: shell.now(), ...audio }),
      guarded: ({ error, ...report }) => {
        if (error !== undefined) shell.fault(error);
        options.observe({ type: "guardrail", at: shell.now(), ...report });
      },
      called: (report) => options.observe({ type: "tool-call", at: shell.now(), ...report }),
      stage: (stage, of) =>
        options.observe({ type: "stage", at: shell.now(), stage, ...of } satisfies SessionObservation),
      room: () => options.output.room(),
      fault: (error) => shell.fault(error),
    };
  }

  private makeMeter(): Meter {
    const { shell, options } = this;
    return new Meter(options.usage ?? unlimited, (usage) => options.observe({ type: "usage", at: shell.now(), usage }));
  }

  private makeCalls(): ToolCalls {
    const hooks = {
      tenant: this.options.tenant,
      goOnAfterMcp: this.options.mcp?.goOn ?? false,
      respond: (params: ResponseParams) => {
        this.responses.create(params);
        this.turns.responseStarted();
      },
      say: (text: string, { output_modalities, audio, agent }: ResponseParams) =>
        this.responses.create({ output_modalities, audio, agent }, { words: text }),
      isQuiet: () => this.responses.active === undefined && !this.turns.isSpeaking,
    };
    return new ToolCalls(this.context, hooks, this.options.toolCalls);
  }

  private makePlayback(): EstimatedPlayback | TrackPlayback {
    const { audio } = this.options;
    if (audio === undefined) return new EstimatedPlayback();
    requireTrackFormats(this.config);
    const playback = new TrackPlayback(audio, (event) => this.shell.emit(event));
    audio.listen({
      onAudio: (samples) => this.shell.guarded(null, () => this.hear(TRACK_FORMAT.encode(samples))),
      onPlayed: () => this.shell.post(() => playback.progress()),
    });
    return playback;
  }

  private readonly take = (audio: Buffer): void => {
    this.turns.append(audio);
    this.observeAudio(audio, wireFormat(this.config.audio.input.format));
  };

  private hear(audio: Buffer): void {
    this.turns.appendTrack(audio);
    this.observeAudio(audio, TRACK_FORMAT);
  }

  private observeAudio(audio: Buffer, { type: format, sampleRate }: WireFormat): void {
    this.options.observe({ type: "input-audio", at: this.shell.now(), audio, format, sampleRate });
  }

  private stop(): void {
    this.turns.close();
    this.transcriber.close();
    this.responses.close();
    this.calls.close();
    this.mcp.close();
  }

  private resource() {
    return toSessionResource(this.config, { id: this.id, expiresAt: this.shell.expiresAt });
  }
}
