/** A typed client for tests: sends, waits for what must come, and keeps a log of everything. */
import type { ClientEvent } from "../protocol/client-events";
import type { ServerEvent, ServerEventOf, ServerEventType } from "../protocol/server-events";
import type { ClientSocket } from "./memory";
import type { WebSocketClientOptions } from "./sockets";
import { dialWebSocket } from "./sockets";

export interface WaitOptions {
  /** Milliseconds. Default: 2000. */
  readonly timeoutMs?: number;
}

export interface AppendOptions {
  /** Milliseconds of audio in one event. Default: 100. */
  readonly chunkMs?: number;
  /** Bytes of one second of audio. Default: 48,000, which is PCM16 at 24 kHz; 8,000 for G.711. */
  readonly bytesPerSecond?: number;
  /** Sends at the pace of speech instead of at once. Default: false. */
  readonly realtime?: boolean;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

interface Waiter {
  readonly wanted: (event: ServerEvent) => boolean;
  readonly resolve: (event: ServerEvent) => void;
  readonly reject: (error: Error) => void;
}

export class RealtimeTestClient {
  /** Everything that the server sent, oldest first. */
  readonly events: ServerEvent[] = [];
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<Closed>;
  /** How many of `events` the waits have already passed. */
  private read = 0;
  private waiter: Waiter | undefined;
  private end: Closed | undefined;

  constructor(private readonly socket: ClientSocket) {
    this.closed = new Promise((resolve) => {
      socket.listen({
        onFrame: (frame) => this.onFrame(frame),
        onClose: (code, reason) => {
          this.end = { code, reason };
          this.waiter?.reject(new Error(this.story("The connection was closed")));
          resolve(this.end);
        },
      });
    });
  }

  /** Connects over WebSocket. */
  static async connect(url: string | URL, options?: WebSocketClientOptions): Promise<RealtimeTestClient> {
    return new RealtimeTestClient(await dialWebSocket(url, options));
  }

  send(event: ClientEvent): void {
    this.socket.send(JSON.stringify(event));
  }

  /** Sends a frame as it is, for tests of what a server does with nonsense. */
  sendRaw(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /**
   * The next event of a type, or that a function picks; those before it are passed over. Waits for it if it is not there
   * yet. One wait at a time.
   *
   * @throws when it does not come in time or the connection ends; the message lists what came instead.
   */
  next<T extends ServerEventType>(type: T, options?: WaitOptions): Promise<ServerEventOf<T>>;
  next(picks: (event: ServerEvent) => boolean, options?: WaitOptions): Promise<ServerEvent>;
  async next(
    wanted: ServerEventType | ((event: ServerEvent) => boolean),
    options: WaitOptions = {},
  ): Promise<ServerEvent> {
    const picks = typeof wanted === "function" ? wanted : (event: ServerEvent) => event.type === wanted;
    const what = typeof wanted === "function" ? "an event that the function picks" : `"${wanted}"`;
    const index = this.events.findIndex((event, at) => at >= this.read && picks(event));
    const found = this.events[index];
    if (!found) return this.wait(picks, what, options.timeoutMs ?? 2_000);
    this.read = index + 1;
    return found;
  }

  /** Everything from the last wait up to and with the next event of `type`. */
  async collectUntil(type: ServerEventType, options?: WaitOptions): Promise<ServerEvent[]> {
    const from = this.read;
    await this.next(type, options);
    return this.events.slice(from, this.read);
  }

  /** Sends audio as `input_audio_buffer.append` events. Resolves when the last one was sent. */
  async appendPcm(audio: Buffer, options: AppendOptions = {}): Promise<void> {
    const { chunkMs = 100, bytesPerSecond = 48_000, realtime = false } = options;
    const size = Math.max(2, Math.round((bytesPerSecond * chunkMs) / 2000) * 2);
    for (let start = 0; start < audio.length; start += size) {
      this.send({ type: "input_audio_buffer.append", audio: audio.subarray(start, start + size).toString("base64") });
      if (realtime) await new Promise((resolve) => setTimeout(resolve, chunkMs));
    }
  }

  /** Says goodbye; resolves when the connection is over. */
  close(code?: number, reason?: string): Promise<Closed> {
    this.socket.close(code, reason);
    return this.closed;
  }

  private onFrame(frame: string): void {
    const event = JSON.parse(frame) as ServerEvent;
    this.events.push(event);
    if (this.waiter?.wanted(event)) {
      this.read = this.events.length;
      this.waiter.resolve(event);
    }
  }

  private wait(wanted: Waiter["wanted"], what: string, timeoutMs: number): Promise<ServerEvent> {
    if (this.waiter) throw new Error("Another wait is still open: await it before the next one.");
    if (this.end) throw new Error(this.story(`Waited for ${what}, but the connection is closed`));
    return new Promise<ServerEvent>((resolve, reject) => {
      const late = (): void => reject(new Error(this.story(`Waited ${timeoutMs} ms for ${what}`)));
      const timer = setTimeout(late, timeoutMs);
      const settle =
        <Value>(pass: (value: Value) => void) =>
        (value: Value): void => {
          clearTimeout(timer);
          this.waiter = undefined;
          pass(value);
        };
      this.waiter = { wanted, resolve: settle(resolve), reject: settle(reject) };
    }).finally(() => (this.waiter = undefined));
  }

  private story(what: string): string {
    const unread = this.events.slice(this.read);
    const seen = unread.map((event) => (event.type === "error" ? `error (${event.error.message})` : event.type));
    const end = this.end ? ` Closed with ${this.end.code} "${this.end.reason}".` : "";
    return `${what}.${end} Came instead: ${seen.join(", ") || "nothing"}.`;
  }
}
