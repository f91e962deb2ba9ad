/** The WebSocket transport, over `ws`. */
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { WebSocketTimings } from "./settings";
import type { Transport, TransportListener } from "./types";
import { truncateUtf8 } from "./utf8";

/** A close reason is carried by a control frame of at most 125 bytes, 2 of them the code. */
const MAX_REASON_BYTES = 123;

/** Words for the closes that `ws` starts by itself. */
const OWN_REASONS: Readonly<Record<number, string>> = {
  1002: "The frame breaks the WebSocket protocol.",
  1007: "The text frame is not valid UTF-8.",
  1008: "The message came in too many pieces.",
  1009: "The frame is larger than this server accepts.",
};

interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Remembers with what it was closed from our side, and names the reason where `ws` itself would stay silent. */
export class ServerWebSocket extends WebSocket {
  closing: Closing | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    const text = reason?.toString() ?? (code === undefined ? "" : (OWN_REASONS[code] ?? ""));
    if (code !== undefined) this.closing ??= { code, reason: text };
    super.close(code, truncateUtf8(text, MAX_REASON_BYTES));
  }
}

interface Waiter {
  readonly bytes: number;
  readonly callback: () => void;
}

export class WebSocketTransport implements Transport {
  readonly kind = "websocket";
  private readonly pingTimer: NodeJS.Timeout;
  private closeTimer: NodeJS.Timeout | undefined;
  private waiters: Waiter[] = [];
  private messagesSeen = 0;
  private activityAtPing = -1;
  private gaveUp: string | null = null;
  private closed = false;

  /** `stream` is the connection beneath the socket. */
  constructor(
    private readonly socket: ServerWebSocket,
    private readonly stream: Duplex,
    private readonly timings: WebSocketTimings,
  ) {
    this.pingTimer = setInterval(() => this.checkPeer(), timings.pingIntervalMs);
    this.pingTimer.unref();
  }

  listen(listener: TransportListener): void {
    this.socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.messagesSeen++;
      listener.onFrame(data, isBinary);
    });
    this.socket.on("pong", () => this.messagesSeen++);
    // `ws` closes by itself after an error, but waits long for a peer that does not answer.
    this.socket.on("error", () => this.armDeadline());
    this.socket.once("close", (code: number, reason: Buffer) => {
      this.closed = true;
      clearInterval(this.pingTimer);
      clearTimeout(this.closeTimer);
      this.releaseWaiters();
      const ours = this.socket.closing;
      if (this.gaveUp !== null) listener.onClose(1006, this.gaveUp);
      else listener.onClose(ours?.code ?? code, ours?.reason ?? reason.toString());
    });
  }

  send(frame: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame, this.flushed);
  }

  sendBytes(frame: Buffer): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame, { binary: false }, this.flushed);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  onceBelow(bytes: number, callback: () => void): void {
    if (this.closed || this.bufferedBytes() <= bytes) callback();
    else this.waiters.push({ bytes, callback });
  }

  close(code: number, reason: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.close(code, reason);
    this.armDeadline();
  }

  /** One function for all sends: a closure for each frame would be paid on the hot path. */
  private readonly flushed = (): void => {
    if (this.waiters.length > 0) this.releaseWaiters();
  };

  private armDeadline(): void {
    this.closeTimer ??= setTimeout(() => this.socket.terminate(), this.timings.closeTimeoutMs).unref();
  }

  private releaseWaiters(): void {
    const buffered = this.closed ? 0 : this.bufferedBytes();
    const ready = this.waiters.filter((waiter) => buffered <= waiter.bytes);
    if (ready.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => buffered > waiter.bytes);
    for (const waiter of ready) waiter.callback();
  }

  private checkPeer(): void {
    // Nothing is read just now, so nothing can be heard of it.
    if (this.socket.isPaused) return;
    // Bytes count as a sign of life too: a peer cannot answer a ping in the middle of a large frame.
    const activity = this.messagesSeen + bytesRead(this.stream);
    if (activity === this.activityAtPing) {
      this.gaveUp = "The peer stopped answering.";
      this.socket.terminate();
      return;
    }
    this.activityAtPing = activity;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }
}

function bytesRead(stream: Duplex): number {
  return "bytesRead" in stream && typeof stream.bytesRead === "number" ? stream.bytesRead : 0;
}
