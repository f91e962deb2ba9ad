/**
 * Whether the client is still there. The native library notices that only after half a minute. A client that sends
 * sound shows itself all the time; one that sends nothing is asked now and then: a channel of our own is opened, which the
 * client's network stack confirms by itself, and closed again.
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
      if (this.probe !== undefined) return;
      const probe = connection.createDataChannel(PROBE_CHANNEL);
      this.probe = probe;
      probe.onOpen(() => {
        if (this.probe !== probe) return;
        this.probe = undefined;
        this.sign(performance.now());
        probe.close();
      });
    } catch {
      // A client without data channels is known by its sound alone.
    }
  }
}
