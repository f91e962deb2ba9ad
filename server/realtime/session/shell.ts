/**
 * What a session of any kind stands in: one queue, one writer, a clock that ends it, and the ways in which its client and
 * its host are told of what went wrong.
 */
import { CloseCode, errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ServerEventBody } from "../protocol/server-events";
import { Mailbox } from "./mailbox";
import type { SessionOptions } from "./types";
import { EventWriter } from "./writer";

export type ShellOptions = Pick<SessionOptions, "id" | "limits" | "output" | "observe" | "onFault">;

export class SessionShell {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  private readonly startedAt = performance.now();
  private readonly mailbox: Mailbox;
  private readonly writer: EventWriter;
  private expiry: NodeJS.Timeout | undefined;
  private onClose: () => void = () => undefined;
  private closed = false;

  constructor(private readonly options: ShellOptions) {
    this.id = options.id ?? newId("sess");
    this.expiresAt = Math.floor((Date.now() + options.limits.maxDurationMs) / 1000);
    this.mailbox = new Mailbox((error) => this.fault(error));
    this.writer = new EventWriter({
      send: (event) => options.output.send(event),
      observe: (observation) => options.observe(observation),
      now: () => this.now(),
    });
  }

  /** Greets the client. `onClose` stops the session's work; it is called once. */
  start(greeting: () => ServerEventBody, onClose: () => void): void {
    this.onClose = onClose;
    this.expiry = setTimeout(() => this.mailbox.post(() => this.expire()), this.options.limits.maxDurationMs);
    this.mailbox.post(() => {
      this.options.observe({ type: "started", at: this.now() });
      this.writer.emit(greeting());
    });
  }

  /** Milliseconds since the session began. */
  now(): number {
    return performance.now() - this.startedAt;
  }

  post(task: () => void): void {
    this.mailbox.post(task);
  }

  /** Runs a task in the queue; what it throws is told to the client. */
  guarded(eventId: string | null, task: () => void): void {
    this.mailbox.post(() => this.attempt(eventId, task));
  }

  /** The same for audio, without a task: at once, or not at all (and false) when something else is at work. */
  take(eventId: string | null, audio: Buffer, hear: (audio: Buffer) => void): boolean {
    if (!this.mailbox.enter()) return false;
    try {
      hear(audio);
    } catch (error) {
      this.emitError(this.toProtocolError(error), eventId);
    } finally {
      this.mailbox.leave();
    }
    return true;
  }

  /** As `guarded`, at once. Only from inside a posted task. */
  attempt(eventId: string | null, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.emitError(this.toProtocolError(error), eventId);
    }
  }

  /** Only from inside a posted task. */
  emit(event: ServerEventBody): void {
    this.writer.emit(event);
  }

  emitError(error: ProtocolError, eventId: string | null): void {
    this.writer.emit({ type: "error", error: error.toBody(eventId) });
  }

  fault(error: unknown): void {
    this.options.onFault?.(error);
  }

  /** The session is over: what was sent is delivered, then the connection closes. */
  end(code: CloseCode, reason: string): void {
    this.close();
    this.options.output.end(code, reason);
  }

  /** The client is gone, or the server goes: stops everything at once, silently. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.expiry);
    this.mailbox.close();
    this.writer.close();
    this.onClose();
  }

  private toProtocolError(error: unknown): ProtocolError {
    if (error instanceof ProtocolError) return error;
    this.fault(error);
    return errors.serverError();
  }

  private expire(): void {
    this.emitError(errors.sessionExpired(Math.round(this.options.limits.maxDurationMs / 60_000)), null);
    this.end(CloseCode.normal, "session_expired");
  }
}
