/**
 * Whether the client is still there. The native library notices that only after half a minute. A client that sends
 * sound shows itself all the time; one that is muted is asked now and then, over a channel of our own whose messages
 * every client's network stack confirms without telling anybody.
 */
import type { DataChannel, PeerConnection } from "node-datachannel";

export interface LivenessOptions {
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly startedAt: number;
}

const PROBE_CHANNEL = "antiphon-alive";
const CHECK_EVERY_MS = 500;

export class Liveness {
  private connectedAt: number | undefined;
  private lastSign: number;
  private nextCheck = 0;
  private bytesSeen = 0;
  private probe: DataChannel | undefined;

  constructor(private readonly options: LivenessOptions) {
    this.lastSign = options.startedAt;
  }

  connected(now: number): void {
    this.connectedAt ??= now;
    this.sign(now);
  }

  sign(now: number): void {
    this.lastSign = now;
  }

  /** Why the call is over, or undefined when it is not. */
  check(now: number, connection: PeerConnection): string | undefined {
    if (now < this.nextCheck) return undefined;
    this.nextCheck = now + CHECK_EVERY_MS;
    if (this.connectedAt === undefined) {
      return now - this.options.startedAt > this.options.connectTimeoutMs ? "The client did not connect." : undefined;
    }
    const bytes = connection.bytesReceived();
    if (bytes !== this.bytesSeen) this.sign(now);
    this.bytesSeen = bytes;
    const quietMs = now - this.lastSign;
    if (quietMs > this.options.idleTimeoutMs) return "The client stopped answering.";
    if (quietMs > this.options.idleTimeoutMs / 4) this.ask(connection);
    return undefined;
  }

  close(): void {
    this.probe = undefined;
  }

  private ask(connection: PeerConnection): void {
    try {
      this.probe ??= connection.createDataChannel(PROBE_CHANNEL, { unordered: true, maxRetransmits: 0 });
      if (this.probe.isOpen()) this.probe.sendMessageBinary(Buffer.from([0]));
    } catch {
      // A client without data channels is known by its sound alone.
    }
  }
}
