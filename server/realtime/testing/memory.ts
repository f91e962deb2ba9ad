/** A client and a server end joined in memory: frames arrive later, in order, as they would from a network. */
import type { Transport, TransportListener } from "../transport/types";

/** The client's side of a connection, whatever carries it. */
export interface ClientSocket {
  send(frame: string | Buffer): void;
  close(code?: number, reason?: string): void;
  /** Must be called once, before the first `await` after the socket was received. */
  listen(listener: ClientSocketListener): void;
}

export interface ClientSocketListener {
  onFrame(frame: string): void;
  /** Comes exactly once, whoever closed. */
  onClose(code: number, reason: string): void;
}

export interface MemoryClientSocket extends ClientSocket {
  /** Stops reading, as a stalled client does: what the server sends piles up on the server's side. */
  pauseReading(): void;
  resumeReading(): void;
  /** Vanishes without a goodbye: the server sees 1006. */
  terminate(): void;
}

export interface MemoryPair {
  /** For `handler.accept()`. */
  readonly transport: Transport;
  readonly client: MemoryClientSocket;
}

export interface MemoryPairOptions {
  /** Milliseconds that a close waits for a client that stopped reading. Default: 1000. */
  readonly closeTimeoutMs?: number;
}

type Delivery =
  | { readonly type: "frame"; readonly data: string | Buffer }
  | { readonly type: "close"; readonly code: number; readonly reason: string };

// Taken once, so that a test's fake timers do not stop the deliveries.
const later = setImmediate;
const { setTimeout: realTimeout } = globalThis;

/** One direction: a queue that is emptied later, and not while it is paused. */
class Lane {
  private readonly queue: Delivery[] = [];
  private scheduled = false;
  private paused = false;
  private bytes = 0;
  private deliver: ((delivery: Delivery) => void) | undefined;
  private waiters: { bytes: number; callback: () => void }[] = [];

  connect(deliver: (delivery: Delivery) => void): void {
    this.deliver = deliver;
    this.schedule();
  }

  push(delivery: Delivery): void {
    if (delivery.type === "frame") this.bytes += Buffer.byteLength(delivery.data);
    this.queue.push(delivery);
    this.schedule();
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.schedule();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  get bufferedBytes(): number {
    return this.bytes;
  }

  onceBelow(bytes: number, callback: () => void): void {
    if (this.bytes <= bytes) callback();
    else this.waiters.push({ bytes, callback });
  }

  /** Drops what waits and lets go of whoever waits for room. */
  clear(): void {
    this.queue.length = 0;
    this.bytes = 0;
    this.release();
  }

  private schedule(): void {
    if (this.scheduled || this.paused || !this.deliver || this.queue.length === 0) return;
    this.scheduled = true;
    later(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    for (let batch = this.queue.length; batch > 0 && !this.paused; batch--) {
      const delivery = this.queue.shift();
      if (!delivery) return;
      if (delivery.type === "frame") this.bytes -= Buffer.byteLength(delivery.data);
      this.deliver?.(delivery);
    }
    this.release();
    this.schedule();
  }

  private release(): void {
    const ready = this.waiters.filter((waiter) => this.bytes <= waiter.bytes);
    this.waiters = this.waiters.filter((waiter) => this.bytes > waiter.bytes);
    for (const waiter of ready) waiter.callback();
  }
}

/** Joins a client and a server end in memory. */
export function createMemoryPair(options: MemoryPairOptions = {}): MemoryPair {
  const toServer = new Lane();
  const toClient = new Lane();
  let server: TransportListener | undefined;
  let client: ClientSocketListener | undefined;
  let closing = false;
  let over = false;

  /** Both ends learn of the end at once: the frames before it were delivered already. */
  const finish = (code: number, reason: string): void => {
    if (over) return;
    over = true;
    closing = true;
    toServer.clear();
    toClient.clear();
    server?.onClose(code, reason);
    client?.onClose(code, reason);
  };
  const finishLater = (code: number, reason: string): void => void later(() => finish(code, reason));

  const transport: Transport = {
    kind: "memory",
    send: (frame) => void (closing || toClient.push({ type: "frame", data: frame })),
    sendBytes: (frame) => void (closing || toClient.push({ type: "frame", data: frame.toString() })),
    pause: () => toServer.setPaused(true),
    resume: () => toServer.setPaused(false),
    bufferedBytes: () => toClient.bufferedBytes,
    onceBelow: (bytes, callback) => toClient.onceBelow(bytes, callback),
    close: (code, reason) => {
      if (closing) return;
      closing = true;
      toClient.push({ type: "close", code, reason });
      if (toClient.isPaused) realTimeout(() => finish(code, reason), options.closeTimeoutMs ?? 1_000).unref();
    },
    listen: (listener) => {
      server = listener;
      toServer.connect((delivery) => {
        if (delivery.type === "close") finish(delivery.code, delivery.reason);
        else if (typeof delivery.data === "string") listener.onFrame(Buffer.from(delivery.data), false);
        else listener.onFrame(delivery.data, true);
      });
    },
  };

  const socket: MemoryClientSocket = {
    send: (data) => void (closing || toServer.push({ type: "frame", data })),
    close: (code = 1000, reason = "") => {
      if (closing) return;
      closing = true;
      toServer.push({ type: "close", code, reason });
    },
    listen: (listener) => {
      client = listener;
      toClient.connect((delivery) => {
        if (delivery.type === "close") finish(delivery.code, delivery.reason);
        else listener.onFrame(delivery.data.toString());
      });
    },
    pauseReading: () => toClient.setPaused(true),
    resumeReading: () => toClient.setPaused(false),
    terminate: () => finishLater(1006, ""),
  };

  return { transport, client: socket };
}
