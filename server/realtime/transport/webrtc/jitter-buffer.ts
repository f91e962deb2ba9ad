/**
 * Puts packets back in order and says what stands for those that are missing. Pure: packets and the time go in, what is
 * to be decoded comes out. Nothing is delayed while all is in order: we listen, we do not play, so a packet is handed
 * on when it comes. Only a hole makes what is behind it wait, and only as long as the network's jitter makes likely.
 *
 * Invariants: packets come out in the order of their numbers, each at most once; a hole is filled exactly once.
 */
import type { RtpPacket } from "./rtp";

export type Playout =
  | { readonly type: "packet"; readonly payload: Buffer }
  /** A lost frame; `next` is the packet after it, which carries a coarse copy. */
  | { readonly type: "lost"; readonly ms: number; readonly next: Buffer | undefined }
  | { readonly type: "silence"; readonly ms: number };

export interface JitterStats {
  readonly received: number;
  /** Filled in, from the copy in the next packet or by concealment. */
  readonly lost: number;
  /** Came after their place was filled, or twice. */
  readonly late: number;
  readonly jitterMs: number;
}

const CLOCK_PER_MS = 48;
const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 120;
/** A jump of more is another stream: the client started anew. */
const MAX_JUMP = 50;
/** Concealment sounds like speech for so long, then like a machine. */
const MAX_CONCEALED = 3;
/** Nothing came for so long: the client is silent (it may send nothing at all then), and time goes on without it. */
const SILENT_AFTER_MS = 100;
/** What stood still is made up for, but not more than this at once: a call may have been suspended. */
const MAX_SILENCE_MS = 2_000;
const FRAME_MS = 20;

interface Held extends RtpPacket {
  readonly arrivedAt: number;
}

export class JitterBuffer {
  private readonly held = new Map<number, Held>();
  /** The number of the packet that is due, unwrapped; undefined before the first. */
  private due: number | undefined;
  private highest = 0;
  /** Where the sound that was handed on ends, in the client's clock. */
  private endStamp = 0;
  private frameMs = FRAME_MS;
  private holeSince: number | undefined;
  private concealed = 0;
  /** When the sound that was handed on ended, in our clock. */
  private endsAt = 0;
  /** Silence that was put in while the client sent nothing. */
  private filledMs = 0;
  private lastTransit: number | undefined;
  private counts = { received: 0, lost: 0, late: 0 };
  private jitter = 0;

  get stats(): JitterStats {
    return { ...this.counts, jitterMs: this.jitter };
  }

  push(packet: RtpPacket, now: number): Playout[] {
    this.counts.received += 1;
    this.measure(packet, now);
    const number = this.unwrap(packet.sequence);
    if (this.due === undefined || Math.abs(number - this.due) > MAX_JUMP) this.restart(packet, number, now);
    if (number < (this.due ?? 0) || this.held.has(number)) {
      this.counts.late += 1;
      return [];
    }
    this.held.set(number, { ...packet, arrivedAt: now });
    this.highest = Math.max(this.highest, number);
    return this.drain(now);
  }

  /** Call about every 20 ms: fills holes whose time is over, and the silence of a client that sends nothing. */
  tick(now: number): Playout[] {
    if (this.due === undefined) return [];
    const out = this.drain(now);
    const silentMs = now - this.endsAt - SILENT_AFTER_MS;
    if (this.held.size > 0 || silentMs < FRAME_MS) return out;
    const ms = Math.min(MAX_SILENCE_MS, Math.floor(silentMs / FRAME_MS) * FRAME_MS);
    this.filledMs += ms;
    this.endsAt = silentMs > MAX_SILENCE_MS ? now - SILENT_AFTER_MS : this.endsAt + ms;
    return [...out, { type: "silence", ms }];
  }

  // ---------------------------------------------------------------- inside

  private restart(packet: RtpPacket, number: number, now: number): void {
    this.held.clear();
    this.due = number;
    this.highest = number;
    this.endStamp = packet.timestamp;
    this.endsAt = now;
    this.filledMs = 0;
    this.holeSince = undefined;
  }

  private unwrap(sequence: number): number {
    if (this.due === undefined) return sequence;
    const difference = (sequence - this.highest) & 0xffff;
    return this.highest + (difference < 0x8000 ? difference : difference - 0x10000);
  }

  private drain(now: number): Playout[] {
    const out: Playout[] = [];
    while (this.due !== undefined && this.held.size > 0) {
      const packet = this.held.get(this.due);
      if (packet !== undefined) this.handOn(packet, now, out);
      else if (this.holeIsOld(now)) this.fillHole(now, out);
      else break;
    }
    return out;
  }

  private handOn(packet: Held, now: number, out: Playout[]): void {
    const number = this.due ?? 0;
    this.held.delete(number);
    this.fillPause(packet, out);
    const ms = frameMsOf(packet.payload) ?? this.frameMs;
    this.frameMs = ms;
    this.endStamp = (packet.timestamp + ms * CLOCK_PER_MS) >>> 0;
    this.step(number, ms, now);
    this.concealed = 0;
    out.push({ type: "packet", payload: packet.payload });
  }

  /** A client that was silent goes on at a later time: what we have not filled in yet is filled in now. */
  private fillPause(packet: Held, out: Playout[]): void {
    const pausedMs = ((packet.timestamp - this.endStamp) | 0) / CLOCK_PER_MS - this.filledMs;
    this.filledMs = 0;
    if (pausedMs < 1) return;
    const ms = Math.min(MAX_SILENCE_MS, pausedMs);
    this.endsAt += ms;
    out.push({ type: "silence", ms });
  }

  private holeIsOld(now: number): boolean {
    const next = this.nextHeld();
    this.holeSince ??= next?.arrivedAt ?? now;
    const heldMs = this.held.size * this.frameMs;
    return now - this.holeSince >= this.waitMs || heldMs > MAX_WAIT_MS * 2;
  }

  private fillHole(now: number, out: Playout[]): void {
    const number = this.due ?? 0;
    this.counts.lost += 1;
    this.concealed += 1;
    const next = this.held.get(number + 1)?.payload;
    const ms = this.frameMs;
    const gone = this.concealed > MAX_CONCEALED && next === undefined;
    out.push(gone ? { type: "silence", ms } : { type: "lost", ms, next });
    this.endStamp = (this.endStamp + ms * CLOCK_PER_MS) >>> 0;
    this.step(number, ms, now);
  }

  private step(number: number, ms: number, now: number): void {
    this.due = number + 1;
    this.holeSince = undefined;
    this.endsAt = Math.max(this.endsAt + ms, now);
  }

  private nextHeld(): Held | undefined {
    const first = Math.min(...this.held.keys());
    return this.held.get(first);
  }

  /** Long enough for a packet that was overtaken, not longer. */
  private get waitMs(): number {
    return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, this.jitter * 4));
  }

  /** The jitter of RFC 3550. */
  private measure(packet: RtpPacket, now: number): void {
    const transit = now - packet.timestamp / CLOCK_PER_MS;
    const change = this.lastTransit === undefined ? 0 : Math.abs(transit - this.lastTransit);
    this.lastTransit = transit;
    if (change < 1_000) this.jitter += (change - this.jitter) / 16;
  }
}

/** How long the sound of an Opus packet lasts, from its first byte (RFC 6716, 3.1); null when it cannot be told. */
export function frameMsOf(payload: Buffer): number | null {
  const first = payload[0];
  if (first === undefined) return null;
  const config = first >> 3;
  const each =
    config < 12 ? [10, 20, 40, 60][config & 3]! : config < 16 ? [10, 20][config & 1]! : [2.5, 5, 10, 20][config & 3]!;
  const code = first & 3;
  const count = code === 0 ? 1 : code < 3 ? 2 : (payload[1] ?? 0) & 0x3f;
  const ms = each * count;
  return count === 0 || ms > 120 ? null : ms;
}
