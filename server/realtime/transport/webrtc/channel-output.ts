/** What goes out over the data channel: kept until it is open, counted until it has left. */
import type { DataChannel } from "node-datachannel";

interface Waiter {
  readonly bytes: number;
  readonly callback: () => void;
}

export class ChannelOutput {
  private channel: DataChannel | undefined;
  private held: string[] = [];
  private heldBytes = 0;
  private waiters: Waiter[] = [];
  private closed = false;

  constructor(private readonly clientMaxBytes: number) {}

  /** Bytes of the largest frame that the client takes. */
  get maxFrameBytes(): number {
    return Math.min(this.clientMaxBytes, LARGEST_MESSAGE);
  }

  open(channel: DataChannel): void {
    if (this.closed || this.channel !== undefined) return;
    this.channel = channel;
    const { held } = this;
    this.held = [];
    this.heldBytes = 0;
    for (const frame of held) channel.sendMessage(frame);
  }

  send(frame: string): void {
    if (this.closed) return;
    if (this.channel === undefined) {
      this.held.push(frame);
      this.heldBytes += Buffer.byteLength(frame);
    } else if (this.channel.isOpen()) this.channel.sendMessage(frame);
  }

  bufferedBytes(): number {
    if (this.closed) return 0;
    if (this.channel === undefined) return this.heldBytes;
    return this.channel.isOpen() ? this.channel.bufferedAmount() : 0;
  }

  onceBelow(bytes: number, callback: () => void): void {
    if (this.bufferedBytes() <= bytes) callback();
    else this.waiters.push({ bytes, callback });
  }

  tick(): void {
    if (this.waiters.length === 0) return;
    const buffered = this.bufferedBytes();
    const ready = this.waiters.filter(({ bytes }) => buffered <= bytes);
    this.waiters = this.waiters.filter(({ bytes }) => buffered > bytes);
    for (const { callback } of ready) callback();
  }

  close(): void {
    this.closed = true;
    this.channel = undefined;
    this.held = [];
    this.heldBytes = 0;
    this.tick();
  }
}

/** What the library itself sends in one message. */
const LARGEST_MESSAGE = 256 * 1024;
