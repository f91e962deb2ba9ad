/** The connection to the other server: frames both ways, back-pressure, and a pulse. */
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { faultOfStatus, UpstreamError } from "./faults";

export interface DialOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly pingIntervalMs: number;
  readonly signal: AbortSignal;
}

export interface UpstreamListener {
  /** The buffer stays as it is. */
  onFrame(frame: Buffer, isBinary: boolean): void;
  /** Comes once, whoever closed. 1006: it was lost. */
  onClose(code: number, reason: string): void;
}

export interface Frame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

export interface Ended {
  readonly code: number;
  readonly reason: string;
}

/** The largest event: an item with audio, retrieved. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 2_000;

/** @throws UpstreamError when there is no connection to be had. */
export function dial(options: DialOptions): Promise<Upstream> {
  const { url, headers, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: timeoutMs,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const fail = (error: unknown): void => {
      signal.removeEventListener("abort", abort);
      reject(error);
    };
    const abort = (): void => {
      socket.terminate();
      fail(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      response.destroy();
      socket.terminate();
      fail(faultOfStatus(response.statusCode ?? 0, url.host));
    });
    // Stays for the life of the socket: what `ws` reports here, `close` reports too.
    socket.on("error", (error: Error) =>
      fail(new UpstreamError("unreachable", `${url.host} cannot be reached: ${error.message}.`)),
    );
    socket.once("open", () => {
      signal.removeEventListener("abort", abort);
      resolve(new Upstream(socket, options));
    });
    if (signal.aborted) abort();
  });
}

export class Upstream {
  private readonly pulse: NodeJS.Timeout;
  private heard = true;
  /** What came before somebody listened. */
  private early: Frame[] = [];
  private ended: Ended | undefined;
  private listener: UpstreamListener | undefined;
  private reader: (() => void) | undefined;
  private waiters: { readonly bytes: number; readonly callback: () => void }[] = [];

  constructor(
    private readonly socket: WebSocket,
    { pingIntervalMs }: DialOptions,
  ) {
    this.pulse = setInterval(() => this.beat(), pingIntervalMs);
    this.pulse.unref();
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.heard = true;
      if (this.listener !== undefined) return this.listener.onFrame(data, isBinary);
      this.early.push({ data, isBinary });
      this.reader?.();
    });
    socket.on("pong", () => (this.heard = true));
    socket.once("close", (code: number, reason: Buffer) => {
      clearInterval(this.pulse);
      this.release();
      this.ended = { code, reason: reason.toString() };
      this.listener?.onClose(code, this.ended.reason);
      this.reader?.();
    });
  }

  /** The next frame, or how it ended: for the time before `listen`. One call at a time. */
  async next(): Promise<Frame | Ended> {
    for (;;) {
      const next = this.early.shift() ?? this.ended;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => (this.reader = resolve));
    }
  }

  /** Must be called once, when the greeting is over. */
  listen(listener: UpstreamListener): void {
    this.listener = listener;
    for (const { data, isBinary } of this.early.splice(0)) listener.onFrame(data, isBinary);
    if (this.ended !== undefined) listener.onClose(this.ended.code, this.ended.reason);
  }

  send(frame: Buffer | string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame, { binary: false }, this.flushed);
  }

  bufferedBytes(): number {
    return this.socket.readyState === WebSocket.OPEN ? this.socket.bufferedAmount : 0;
  }

  /** Calls back once no more than so many bytes wait, or the connection is over. */
  onceBelow(bytes: number, callback: () => void): void {
    if (this.bufferedBytes() <= bytes) callback();
    else this.waiters.push({ bytes, callback });
  }

  /** Takes no frames until `resume`, so that the other server slows down. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.heard = true;
    this.socket.resume();
  }

  close(code = 1000): void {
    // A paused socket would not see the other side's goodbye.
    this.socket.resume();
    this.socket.close(code);
    setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  private readonly flushed = (): void => {
    if (this.waiters.length > 0) this.release();
  };

  private release(): void {
    const buffered = this.bufferedBytes();
    const ready = this.waiters.filter(({ bytes }) => buffered <= bytes);
    this.waiters = this.waiters.filter(({ bytes }) => buffered > bytes);
    for (const { callback } of ready) callback();
  }

  private beat(): void {
    if (this.socket.isPaused) return;
    if (!this.heard) return this.socket.terminate();
    this.heard = false;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }
}
