/**
 * A session that another server holds: its client's frames go there, that server's frames come here, unchanged and in
 * order. Ids are the other server's own. What is ours: who may come in, how long it lasts, and who looks on.
 */
import type { RelayEngine } from "../engine/relay";
import type { SessionObservation } from "../observers/types";
import { readAppendFrame, isAppendFrame } from "../protocol/append-frame";
import type { ClientEvent } from "../protocol/client-events";
import { decodeFrame } from "../protocol/codec";
import { CloseCode, errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ServerEvent, ServerEventBody } from "../protocol/server-events";
import { toSessionResource, type ConversationKind, type SessionConfigInput } from "../protocol/session-config";
import { withoutSecrets } from "../protocol/secrets";
import { readWireEvent, type WireEvent } from "../protocol/wire-event";
import { foreignConfig } from "../session/initial-config";
import type { ActingOptions, SessionAudio, SessionOutput, SessionSnapshot } from "../session/types";
import { type SessionUsage, unlimited } from "../usage-gate";
import { closeOf, UpstreamError, verdictOf } from "./faults";
import { reachUpstream } from "./greeting";
import { inGa } from "./in-ga";
import { Onlooker } from "./onlooker";
import { Outbox, type ClientFlow } from "./outbox";
import { RelayAllowance } from "./allowance";
import { RelayTools } from "./tools";
import { RelayTrack, withoutFormats, withTrackFormat } from "./track";
import type { Upstream } from "./upstream";

export interface RelaySessionOptions extends ActingOptions {
  /** Our own name for it; the client is told the other server's. */
  readonly id: string;
  readonly engine: RelayEngine;
  /** The model name that the client asked for. */
  readonly model: string;
  readonly kind: ConversationKind;
  readonly config: SessionConfigInput | undefined;
  readonly maxDurationMs: number;
  /** Who the session belongs to. */
  readonly tenant: string | undefined;
  readonly usage: SessionUsage | undefined;
  readonly output: SessionOutput;
  /** The track of a call. */
  readonly audio: SessionAudio | undefined;
  readonly observe: (observation: SessionObservation) => void;
  /** Somebody looks at every event. */
  readonly watched: boolean;
  /** Makes the client wait. Undefined: it cannot be made to. */
  readonly flow: ClientFlow | undefined;
  readonly onFault: (error: unknown) => void;
  /** The other server cannot be had, and the client was told nothing yet. True: somebody else takes over. */
  readonly onUnavailable?: (error: UpstreamError) => boolean;
  /** It greeted. */
  readonly onReached?: () => void;
  /** The client left before. */
  readonly onLeft?: () => void;
}

export class RelaySession {
  readonly id: string;
  readonly info: { readonly sessionId: string; readonly conversationId: string };
  private readonly startedAt = performance.now();
  private readonly outbox: Outbox;
  private readonly onlooker: Onlooker;
  private readonly tools: RelayTools | undefined;
  private readonly track: RelayTrack | undefined;
  private readonly allowance: RelayAllowance | undefined;
  private readonly leaving = new AbortController();
  private expiry: NodeJS.Timeout | undefined;
  private upstream: Upstream | undefined;
  private greeted = false;
  private closed = false;
  /** `session.updated` that the client has had, and a new connection will say again. */
  private updates = 0;
  private repeated = 0;

  constructor(private readonly options: RelaySessionOptions) {
    this.id = options.id;
    this.info = { sessionId: options.id, conversationId: newId("conv") };
    this.outbox = new Outbox(options.flow);
    this.onlooker = new Onlooker((observation) => this.observe(observation), options.watched);
    this.tools = this.toolsOf(options);
    this.track = this.trackOf(options);
    this.allowance = this.allowanceOf(options);
  }

  start(): void {
    this.expiry = setTimeout(() => this.expire(), this.options.maxDurationMs);
    void this.connect();
  }

  /** A frame of the client's, as it came. */
  pass(frame: Buffer, isBinary: boolean): void {
    if (this.closed) return;
    if (!isBinary && isAppendFrame(frame)) {
      const append = this.options.watched ? readAppendFrame(frame) : undefined;
      if (append !== undefined) this.observeAudio(append.audio);
      return this.forward(frame);
    }
    const decoded = decodeFrame(frame, isBinary);
    switch (decoded.kind) {
      case "append":
        this.observeAudio(decoded.audio);
        return this.forward(frame);
      case "event":
        this.observe({ type: "client-event", event: withoutSecrets(decoded.event) });
        return this.forwardEvent(decoded.event, frame);
      case "error":
        return this.reject(decoded.error, decoded.eventId);
      default:
        return decoded satisfies never;
    }
  }

  receive(event: ClientEvent): void {
    if (this.closed) return;
    this.observe({ type: "client-event", event: withoutSecrets(event) });
    this.forwardEvent(event);
  }

  append(audio: Buffer, eventId: string | null): void {
    if (this.closed) return;
    this.observeAudio(audio);
    const event = { type: "input_audio_buffer.append", audio: audio.toString("base64") };
    this.forward(Buffer.from(JSON.stringify(eventId === null ? event : { ...event, event_id: eventId })));
  }

  reject(error: ProtocolError, eventId: string | null): void {
    if (this.closed) return;
    this.emit({ type: "error", error: error.toBody(eventId) });
  }

  /** The session as the other server has last described it. */
  snapshot(): SessionSnapshot {
    const { model, kind, maxDurationMs } = this.options;
    const expiresAt = Math.floor((Date.now() + maxDurationMs) / 1000);
    const resource = (): SessionSnapshot["resource"] =>
      toSessionResource(foreignConfig({ kind, model }), { id: this.id, expiresAt });
    return { resource: this.onlooker.resource ?? resource(), items: this.onlooker.conversation };
  }

  /** Resolves when no response is running. */
  finish(): Promise<void> {
    return new Promise((resolve) => this.onlooker.onceIdle(resolve));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.expiry);
    this.leaving.abort();
    if (!this.greeted) this.options.onLeft?.();
    this.outbox.close();
    this.upstream?.close();
    this.onlooker.close();
    this.tools?.close();
    this.allowance?.close();
  }

  // ---------------------------------------------------------------- the other server

  private toolsOf({
    kind,
    config,
    tools = [],
    toolCalls,
    tenant,
    onFault,
  }: RelaySessionOptions): RelayTools | undefined {
    if (kind !== "realtime" || tools.length === 0) return undefined;
    return new RelayTools(
      {
        ...toolCalls,
        tools,
        tenant,
        sessionId: this.id,
        toolChoice: () => {
          const { resource } = this.onlooker;
          return resource?.type === "realtime" ? resource.tool_choice : "auto";
        },
        send: (event) => this.forward(Buffer.from(JSON.stringify(event))),
        onFault,
        onCall: (report) => this.observe({ type: "tool-call", ...report }),
      },
      config,
    );
  }

  private trackOf({ audio }: RelaySessionOptions): RelayTrack | undefined {
    if (audio === undefined) return undefined;
    return new RelayTrack({
      audio,
      interrupts: () => {
        const { resource } = this.onlooker;
        return resource?.type === "realtime" && resource.audio.input.turn_detection?.interrupt_response === true;
      },
      append: (bytes) => this.append(bytes, null),
      send: (event) => this.forward(Buffer.from(JSON.stringify(event))),
      emit: (body) => this.emit(body),
    });
  }

  private allowanceOf({ usage, onFault }: RelaySessionOptions): RelayAllowance | undefined {
    if (usage === undefined || usage === unlimited) return undefined;
    return new RelayAllowance({
      usage,
      send: (event) => this.forward(Buffer.from(JSON.stringify(event))),
      emit: (body) => this.emit(body),
      onFault,
    });
  }

  private async connect(): Promise<void> {
    const { engine, model, kind, config } = this.options;
    try {
      const { upstream, created } = await reachUpstream({
        engine,
        model,
        transcription: kind === "transcription",
        config: this.beginning(config),
        signal: this.leaving.signal,
      });
      if (this.closed) return upstream.close();
      this.connected(upstream, created);
    } catch (error) {
      if (!this.closed) this.failed(error);
    }
  }

  private connected(upstream: Upstream, created: WireEvent): void {
    this.upstream = upstream;
    if (!this.greeted) {
      this.greeted = true;
      this.observe({ type: "started" });
      this.tell(created);
      this.track?.start();
    }
    this.outbox.connect(upstream);
    this.options.onReached?.();
    upstream.listen({
      onFrame: (frame, isBinary) => this.onFrame(frame, isBinary),
      onClose: (code, reason) => this.onClose(code, reason),
    });
  }

  private onFrame(frame: Buffer, isBinary: boolean): void {
    if (this.closed) return;
    const wire = isBinary ? undefined : readWireEvent(frame);
    if (wire === undefined) {
      return this.failed(new UpstreamError("misbehaved", `${this.options.engine.name} sent what is no event.`));
    }
    try {
      if (!this.isRepeated(wire)) this.tell(wire);
    } catch (error) {
      // An event that is not of the official shape may not bring down more than its own session.
      this.failed(error);
    }
  }

  private tell(came: WireEvent): void {
    const wire = this.edited(came);
    if (wire === undefined) return;
    this.say(wire);
    this.onlooker.see(wire);
    if (wire.audio === undefined) {
      this.tools?.saw(wire.event);
      this.track?.saw(wire.event);
      this.allowance?.saw(wire.event);
    }
    const { output } = this.options;
    if (output.behind?.() !== true) return;
    const { upstream } = this;
    upstream?.pause();
    void output.room().then(() => upstream?.resume());
  }

  private say(wire: WireEvent): void {
    if (this.track?.plays(wire) === true) return;
    const { output } = this.options;
    if (output.pass === undefined) output.send(wire.event);
    else output.pass(wire);
  }

  /** What a new connection says again. Anything else has an effect that cannot be had twice. */
  private isRepeated({ event, audio }: WireEvent): boolean {
    if (!this.outbox.canRepeat) return false;
    if (audio === undefined && event.type === "session.updated") {
      if (this.repeated > 0) {
        this.repeated -= 1;
        return true;
      }
      this.updates += 1;
      return false;
    }
    this.outbox.settle();
    return false;
  }

  private onClose(code: number, reason: string): void {
    if (this.closed) return;
    this.upstream = undefined;
    const last = closeOf(code);
    const again = last === undefined || last === CloseCode.goingAway || last === CloseCode.tryAgainLater;
    if (again && this.outbox.disconnect()) {
      this.repeated = this.updates;
      void this.connect();
      return;
    }
    const name = this.options.engine.name;
    if (last === undefined)
      return this.failed(new UpstreamError("lost", `${name} closed with ${code} ${reason}`.trim()));
    this.end(last, reason);
  }

  private failed(error: unknown): void {
    const { onUnavailable, onFault, model, engine } = this.options;
    const fault = error instanceof UpstreamError ? error : undefined;
    if (fault !== undefined && !this.greeted && onUnavailable?.(fault) === true) return this.close();
    onFault(error);
    const asked = engine.upstream.model === undefined ? model : undefined;
    const { error: told, closeCode } = verdictOf(fault ?? new UpstreamError("misbehaved", "A fault of ours."), asked);
    this.reject(told, null);
    this.end(closeCode, told.closeReason);
  }

  // ---------------------------------------------------------------- inside

  /** A configuration of another kind means nothing here. */
  private beginning(config: SessionConfigInput | undefined): SessionConfigInput | undefined {
    const asked = config?.type === this.options.kind ? config : undefined;
    const own = this.track === undefined ? asked : withTrackFormat(asked);
    if (this.tools === undefined) return own;
    return { ...(own?.type === "realtime" ? own : { type: "realtime" as const }), tools: this.tools.offer };
  }

  /** An event without what is not the client's to know. Undefined: all of it. */
  private edited(wire: WireEvent): WireEvent | undefined {
    const { tools, allowance } = this;
    if (wire.audio !== undefined) return wire;
    const known = tools === undefined ? wire.event : tools.told(wire.event);
    const event = known && allowance ? allowance.told(known) : known;
    if (event === wire.event) return wire;
    return event && { bytes: Buffer.from(JSON.stringify(event)), audio: undefined, event };
  }

  /** `frame` is the event as it came, where it came as one of the protocol's own. */
  private forwardEvent(event: ClientEvent, frame?: Buffer): void {
    if (this.track !== undefined && event.type === "output_audio_buffer.clear") return this.track.clear();
    try {
      const plain = this.track === undefined ? event : withoutFormats(event);
      const other = this.tools?.offered(plain) ?? (plain === event ? undefined : plain);
      const bytes = other === undefined ? frame : undefined;
      this.forward(bytes ?? Buffer.from(JSON.stringify(inGa(other ?? event))));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.reject(error, event.event_id ?? null);
    }
  }

  private forward(frame: Buffer): void {
    if (!this.outbox.send(frame)) this.end(CloseCode.tryAgainLater, "invalid_request_error.too_many_messages");
  }

  private expire(): void {
    this.reject(errors.sessionExpired(Math.round(this.options.maxDurationMs / 60_000)), null);
    this.end(CloseCode.normal, "session_expired");
  }

  private emit(body: ServerEventBody): void {
    if (this.closed) return;
    const event: ServerEvent = { ...body, event_id: newId("event") };
    this.options.output.send(event);
    this.observe({ type: "server-event", event });
  }

  private end(code: number, reason: string): void {
    this.close();
    this.options.output.end(code, reason);
  }

  private observeAudio(audio: Buffer): void {
    const { type: format, sampleRate } = this.onlooker.inputFormat;
    this.observe({ type: "input-audio", audio, format, sampleRate });
  }

  private observe(observation: Parameters<ConstructorParameters<typeof Onlooker>[0]>[0]): void {
    this.options.observe({ ...observation, at: performance.now() - this.startedAt } as SessionObservation);
  }
}
