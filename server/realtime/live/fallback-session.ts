/** A session that is not decided yet: the first engine that answers holds it, and gets what the client has said by then. */
import { deliverDecoded, type Session } from "./connection";
import type { RelayEngine } from "../engine/relay";
import type { Engine } from "../engine/types";
import type { ClientEvent } from "../protocol/client-events";
import { decodeFrame } from "../protocol/codec";
import { newId } from "../protocol/ids";
import type { ProtocolError } from "../protocol/protocol-error";
import type { ClientFlow } from "../relay/outbox";

/** Called at most one of them, and once. */
export interface Decision {
  /** It greeted the client. */
  reached(): void;
  /** It cannot be had, and the client was told nothing. False: there is nobody else. */
  moveOn(): boolean;
}

export interface FallbackSessionOptions {
  readonly candidates: readonly (Engine | RelayEngine)[];
  readonly flow: ClientFlow | undefined;
  /** A relay decides later; other sessions are there when they are made. @throws when it cannot be made. */
  open(candidate: Engine | RelayEngine, id: string, decision: Decision): Session;
  /** The next engine cannot do what is asked of it. */
  refuse(session: Session, error: unknown): void;
}

/** More than this is not taken from a client before it is decided. */
const PAUSE_ABOVE_BYTES = 1024 * 1024;

export class FallbackSession implements Session {
  readonly id = newId("sess");
  private session: Session;
  /** Undefined: it is decided. */
  private held: ((session: Session) => void)[] | undefined = [];
  private heldBytes = 0;
  private paused = false;
  private next = 0;
  private closed = false;

  /** @throws when the first engine cannot do what is asked of it. */
  constructor(private readonly options: FallbackSessionOptions) {
    this.session = this.open();
  }

  get info(): Session["info"] {
    return { ...this.session.info, sessionId: this.id };
  }

  start(): void {
    this.begin(this.session);
  }

  pass(frame: Buffer, isBinary: boolean): void {
    if (this.held === undefined) return passTo(this.session, frame, isBinary);
    const kept = Buffer.from(frame);
    this.deliver(kept.length, (session) => passTo(session, kept, isBinary));
  }

  receive(event: ClientEvent): void {
    this.deliver(1_000, (session) => session.receive(event));
  }

  append(audio: Buffer, eventId: string | null): void {
    this.deliver(audio.length, (session) => session.append(audio, eventId));
  }

  reject(error: ProtocolError, eventId: string | null): void {
    this.deliver(1_000, (session) => session.reject(error, eventId));
  }

  snapshot(): ReturnType<Session["snapshot"]> {
    return this.session.snapshot();
  }

  finish(): Promise<void> {
    return this.session.finish();
  }

  close(): void {
    this.closed = true;
    this.held = undefined;
    this.session.close();
  }

  // ---------------------------------------------------------------- inside

  private open(): Session {
    const candidate = this.options.candidates[this.next++]!;
    return this.options.open(candidate, this.id, {
      reached: () => this.decide(),
      moveOn: () => this.moveOn(),
    });
  }

  private begin(session: Session): void {
    session.start();
    if (this.options.candidates[this.next - 1]?.kind !== "relay") this.decide();
  }

  private moveOn(): boolean {
    if (this.closed || this.next >= this.options.candidates.length) return false;
    const before = this.session;
    try {
      this.session = this.open();
    } catch (error) {
      this.options.refuse(before, error);
      return true;
    }
    this.begin(this.session);
    return true;
  }

  private decide(): void {
    const { held } = this;
    this.held = undefined;
    for (const task of held ?? []) task(this.session);
    if (this.paused) this.options.flow?.resume();
    this.paused = false;
  }

  private deliver(bytes: number, task: (session: Session) => void): void {
    if (this.held === undefined) return task(this.session);
    this.held.push(task);
    this.heldBytes += bytes;
    if (this.paused || this.heldBytes <= PAUSE_ABOVE_BYTES) return;
    this.paused = true;
    this.options.flow?.pause();
  }
}

/** To a session that takes frames as they come, or one that wants them read. */
function passTo(session: Session, frame: Buffer, isBinary: boolean): void {
  if (session.pass !== undefined) session.pass(frame, isBinary);
  else deliverDecoded(session, decodeFrame(frame, isBinary));
}
