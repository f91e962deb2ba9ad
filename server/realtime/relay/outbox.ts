/** What the client says to the other server: held until there is one, and kept as long as it may have to be said again. */
import type { Upstream } from "./upstream";

/** How a client is made to wait. */
export interface ClientFlow {
  pause(): void;
  resume(): void;
}

/** Above so many bytes on their way, the client is not read. */
const PAUSE_ABOVE_BYTES = 1024 * 1024;
/** A client that cannot be paused may not say more than this to a server that is not there. */
const MAX_BYTES = 8 * 1024 * 1024;
/** What is said again on a new connection; a session that has said more stays on the one that it has. */
const MAX_KEPT_BYTES = 1024 * 1024;

export class Outbox {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** Undefined: it cannot be said again. */
  private said: Buffer[] | undefined = [];
  private saidBytes = 0;
  private upstream: Upstream | undefined;
  private paused = false;

  constructor(private readonly flow: ClientFlow | undefined) {}

  /** `frame` may change after the call. False: there is no room. */
  send(frame: Buffer): boolean {
    const kept = this.upstream === undefined || this.said !== undefined ? Buffer.from(frame) : frame;
    if (this.upstream !== undefined) {
      this.say(this.upstream, kept);
      return true;
    }
    this.waiting.push(kept);
    this.waitingBytes += kept.length;
    if (this.waitingBytes > PAUSE_ABOVE_BYTES) this.pause();
    return this.waitingBytes <= MAX_BYTES + PAUSE_ABOVE_BYTES || this.flow !== undefined;
  }

  /** Says everything that is still to be said, and from then on everything at once. */
  connect(upstream: Upstream): void {
    this.upstream = upstream;
    this.waitingBytes = 0;
    for (const frame of this.waiting.splice(0)) this.say(upstream, frame);
    this.resume();
  }

  /** The connection is gone: what was said on it must be said again. False: it cannot be. */
  disconnect(): boolean {
    if (this.said === undefined) return false;
    this.upstream = undefined;
    this.waiting = [...this.said, ...this.waiting];
    this.waitingBytes = this.saidBytes;
    this.said = [];
    this.saidBytes = 0;
    return true;
  }

  /** What was said has had its effect: it will not be said again. */
  settle(): void {
    this.said = undefined;
  }

  /** Nothing more will be said. */
  close(): void {
    this.waiting = [];
    this.said = undefined;
    this.resume();
  }

  get canRepeat(): boolean {
    return this.said !== undefined;
  }

  private say(upstream: Upstream, frame: Buffer): void {
    upstream.send(frame);
    this.keep(frame);
    if (this.paused || upstream.bufferedBytes() <= PAUSE_ABOVE_BYTES) return;
    this.pause();
    upstream.onceBelow(PAUSE_ABOVE_BYTES, () => this.resume());
  }

  private keep(frame: Buffer): void {
    if (this.said === undefined) return;
    this.saidBytes += frame.length;
    if (this.saidBytes > MAX_KEPT_BYTES) this.said = undefined;
    else this.said.push(frame);
  }

  private pause(): void {
    if (this.paused || this.flow === undefined) return;
    this.paused = true;
    this.flow.pause();
  }

  private resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.flow?.resume();
  }
}
