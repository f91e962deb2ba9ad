/** One client: let in or refused, then its frames brought to its session until either side ends it. */
import type { Admitted, Arrival } from "../door/admission";
import { transportOutput } from "./output";
import { encodeEvent, type Decoded } from "../protocol/codec";
import { openDialect, type Dialect } from "../protocol/dialect";
import { CloseCode, errors, type ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ClientEvent } from "../protocol/client-events";
import type { ServerEvent } from "../protocol/server-events";
import { refusals, toRefusal, type Refusal } from "../door/refusal";
import type { SessionOutput, SessionSnapshot } from "../session/types";
import type { Transport } from "../transport/types";

/** What a connection needs of a session. */
export interface Session {
  readonly id: string;
  readonly info: { readonly sessionId: string; readonly conversationId: string };
  start(): void;
  receive(event: ClientEvent): void;
  append(audio: Buffer, eventId: string | null): void;
  /** `append` is done with the bytes when it returns. Default: it keeps them. */
  readonly copiesAudio?: boolean;
  reject(error: ProtocolError, eventId: string | null): void;
  /** Takes frames of the protocol as they come, for sessions that pass them on. Undefined: they are decoded first. */
  pass?(frame: Buffer, isBinary: boolean): void;
  close(): void;
  /** The session as it stands. */
  snapshot(): SessionSnapshot;
  /** Resolves when no response is running. */
  finish(): Promise<void>;
}

export interface OpenedSession {
  readonly session: Session;
  /** Told once, when the transport is closed. */
  ended(code: number, reason: string): void;
}

/** What a connection needs of the server around it. */
export interface ConnectionHost {
  /** Rejects with a `Refusal`. `signal` aborts when the client leaves. */
  admit(arrival: Arrival, signal: AbortSignal): Promise<Admitted>;
  openSession(admitted: Admitted, transport: Transport, output: SessionOutput): OpenedSession;
  check(event: ServerEvent): void;
  fault(error: unknown, sessionId?: string): void;
  closed(connection: Connection): void;
}

/** What may wait while the key is being checked. */
const MAX_HELD_FRAMES = 256;
const MAX_HELD_BYTES = 1024 * 1024;

interface HeldFrame {
  readonly frame: Buffer;
  readonly isBinary: boolean;
}

type State = "admitting" | "open" | "closing" | "closed";

export class Connection {
  private state: State = "admitting";
  private opened: OpenedSession | undefined;
  private dialect: Dialect | undefined;
  private held: HeldFrame[] = [];
  private heldBytes = 0;
  private readonly gone = new AbortController();
  private readonly ended: Promise<void>;
  private resolveEnded: () => void = () => undefined;

  /**
   * Must be called in the tick in which the transport came. Somebody who was let in already gets a session at once.
   *
   * @throws Refusal or ProtocolError when that session cannot be.
   */
  constructor(
    private readonly host: ConnectionHost,
    private readonly transport: Transport,
    from: { readonly arrival: Arrival } | { readonly admitted: Admitted },
  ) {
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    transport.listen({
      onFrame: (frame, isBinary) => this.onFrame(frame, isBinary),
      onClose: (code, reason) => this.onClose(code, reason),
    });
    if ("admitted" in from) this.open(from.admitted);
    else void this.admit(from.arrival);
  }

  /** True once the client was let in, until it ends. */
  get isOpen(): boolean {
    return this.state === "open";
  }

  /** Lets a running reply end, for at most `drainMs`, then closes. Resolves when the transport is closed. */
  async drain(drainMs: number): Promise<void> {
    if (this.state === "admitting") this.refuse(refusals.shuttingDown());
    if (this.opened && this.state === "open") {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainMs)));
      await Promise.race([
        this.opened.session.finish().catch((error: unknown) => this.fault(error)),
        patience,
        this.ended,
      ]);
      clearTimeout(timer);
      this.end(CloseCode.goingAway, "server_shutting_down");
    }
    await this.ended;
  }

  /** Refuses a client that was not let in yet. */
  refuse(refusal: Refusal): void {
    if (this.state === "closing" || this.state === "closed") return;
    const { error, closeCode } = refusal;
    this.transport.send(encodeEvent({ type: "error", event_id: newId("event"), error: error.toBody(null) }));
    this.end(closeCode, error.closeReason);
  }

  private async admit(arrival: Arrival): Promise<void> {
    try {
      const admitted = await this.host.admit(arrival, this.gone.signal);
      if (this.state !== "admitting") return;
      this.open(admitted);
    } catch (error) {
      this.refuse(toRefusal(error, (fault) => this.fault(fault)));
    }
  }

  private open(admitted: Admitted): void {
    const dialect = openDialect(admitted.dialect, {
      conversationId: () => this.opened?.session.info.conversationId ?? "",
    });
    const output = transportOutput(this.transport, {
      encode: (event) => dialect.encode(event),
      plain: dialect.plain === true,
      check: (event) => this.host.check(event),
      // Not inside of the session's own write: it would be stopped in the middle of a step.
      overflow: () => queueMicrotask(() => this.end(CloseCode.tryAgainLater, "invalid_request_error.client_too_slow")),
      end: (code, reason) => this.end(code, reason),
    });
    this.opened = this.host.openSession(admitted, this.transport, output);
    this.dialect = dialect;
    this.state = "open";
    this.opened.session.start();
    const held = this.held;
    this.held = [];
    for (const { frame, isBinary } of held) this.deliver(frame, isBinary);
  }

  private onFrame(frame: Buffer, isBinary: boolean): void {
    switch (this.state) {
      case "admitting":
        return this.hold(frame, isBinary);
      case "open":
        return this.deliver(frame, isBinary);
      case "closing":
      case "closed":
        return;
      default:
        return this.state satisfies never;
    }
  }

  private hold(frame: Buffer, isBinary: boolean): void {
    this.heldBytes += frame.length;
    if (this.held.length >= MAX_HELD_FRAMES || this.heldBytes > MAX_HELD_BYTES) {
      this.refuse(refusals.tooEager());
      return;
    }
    this.held.push({ frame: Buffer.from(frame), isBinary });
  }

  private deliver(frame: Buffer, isBinary: boolean): void {
    const { opened, dialect } = this;
    if (!opened || !dialect || this.state !== "open") return;
    const { session } = opened;
    try {
      if (session.pass !== undefined && dialect.plain === true) return session.pass(frame, isBinary);
      deliverDecoded(session, dialect.decode(frame, isBinary));
    } catch (error) {
      this.fault(error);
      this.end(CloseCode.serverError, errors.serverError().closeReason);
    }
  }

  /** Ends it from our side. */
  private end(code: number, reason: string): void {
    if (this.state === "closing" || this.state === "closed") return;
    this.state = "closing";
    this.stop();
    this.transport.close(code, reason);
  }

  private onClose(code: number, reason: string): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.stop();
    this.opened?.ended(code, reason);
    this.host.closed(this);
    this.resolveEnded();
  }

  private stop(): void {
    if (this.gone.signal.aborted) return;
    this.gone.abort();
    this.held = [];
    this.opened?.session.close();
  }

  private fault(error: unknown): void {
    this.host.fault(error, this.opened?.session.id);
  }
}

/** What was decoded lies in memory that is used again. */
function appendTo(session: Session, { audio, eventId }: { audio: Buffer; eventId: string | null }): void {
  session.append(session.copiesAudio ? audio : Buffer.from(audio), eventId);
}

/** Hands a session what was read of one frame. */
export function deliverDecoded(session: Session, decoded: Decoded): void {
  switch (decoded.kind) {
    case "append":
      return appendTo(session, decoded);
    case "event":
      return session.receive(decoded.event);
    case "error":
      return session.reject(decoded.error, decoded.eventId);
    default:
      return decoded satisfies never;
  }
}
