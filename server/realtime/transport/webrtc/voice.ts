/** The sound of one call, both ways: RTP packets to samples and samples to RTP packets, each in its time. */
import { randomInt } from "node:crypto";
import { DriftCorrector } from "./drift";
import { JitterBuffer, type JitterStats, type Playout } from "./jitter-buffer";
import { FRAME_SAMPLES, SAMPLE_RATE, type Opus, type OpusDecoder, type OpusEncoder } from "./opus";
import { OutputQueue } from "./output-queue";
import { isRtcp, parseRtp, writeRtp } from "./rtp";
import type { AudioListener, TransportAudio } from "../types";

export interface VoiceOptions {
  readonly opus: Opus;
  /** What the client calls Opus. */
  readonly payloadType: number;
  readonly ssrc: number;
  /** Undefined: the client does not listen. */
  readonly send: ((packet: Buffer) => void) | undefined;
}

const FRAME_MS = 20;
const STAMPS_A_FRAME = 960;
/** A loop that was held up sends what it owes at once, but not more than this. */
const MAX_FRAMES_AT_ONCE = 5;
/** Nobody speaks faster than time: what is further ahead than this is not taken. */
const MAX_AHEAD_MS = 3_000;

export class Voice implements TransportAudio {
  readonly sampleRate = SAMPLE_RATE;
  private readonly jitter = new JitterBuffer();
  private readonly drift = new DriftCorrector(SAMPLE_RATE);
  private readonly queue = new OutputQueue(FRAME_SAMPLES);
  private decoder: OpusDecoder | undefined;
  private encoder: OpusEncoder | undefined;
  private listener: AudioListener | undefined;
  private heardSince: number | undefined;
  private heardMs = 0;
  private sequence = randomInt(0x10000);
  private timestamp = randomInt(0x100000000);
  private sentUntil: number | undefined;
  private wasSilent = true;
  private closed = false;

  constructor(private readonly options: VoiceOptions) {}

  get stats(): JitterStats {
    return this.jitter.stats;
  }

  listen(listener: AudioListener): void {
    this.listener = listener;
  }

  play(samples: Int16Array): void {
    if (!this.closed && this.options.send !== undefined) this.queue.push(samples);
  }

  clear(): void {
    this.queue.clear();
  }

  get playedMs(): number {
    return (this.queue.played * 1000) / SAMPLE_RATE;
  }

  get waitingMs(): number {
    return (this.queue.length * 1000) / SAMPLE_RATE;
  }

  /** A packet from the network, whatever it holds. */
  receive(bytes: Buffer, now: number): void {
    if (this.closed || isRtcp(bytes)) return;
    const packet = parseRtp(bytes);
    if (packet === null || packet.payloadType !== this.options.payloadType) return;
    // The native side may use its memory again.
    this.hear(this.jitter.push({ ...packet, payload: Buffer.from(packet.payload) }, now), now);
  }

  tick(now: number): void {
    if (this.closed) return;
    this.hear(this.jitter.tick(now), now);
    this.speak(now);
  }

  close(): void {
    this.closed = true;
    this.queue.clear();
    this.decoder?.free();
    this.encoder?.free();
    this.decoder = undefined;
    this.encoder = undefined;
    this.listener = undefined;
  }

  // ---------------------------------------------------------------- in

  private hear(playouts: readonly Playout[], now: number): void {
    for (const playout of playouts) {
      if (this.closed || this.listener === undefined) return;
      const samples = this.samplesOf(playout);
      this.heardSince ??= now;
      this.heardMs += (samples.length * 1000) / SAMPLE_RATE;
      if (this.heardMs > now - this.heardSince + MAX_AHEAD_MS) {
        this.heardMs = now - this.heardSince + MAX_AHEAD_MS;
        continue;
      }
      const corrected = this.drift.process(samples, now);
      if (corrected.length > 0) this.listener.onAudio(corrected);
    }
  }

  private samplesOf(playout: Playout): Int16Array {
    this.decoder ??= this.options.opus.createDecoder();
    try {
      switch (playout.type) {
        case "packet":
          return this.decoder.decode(playout.payload);
        case "lost":
          return this.decoder.conceal(samplesIn(playout.ms), playout.next);
        case "silence":
          return new Int16Array(samplesIn(playout.ms));
        default:
          return playout satisfies never;
      }
    } catch {
      // Bytes that are no Opus are a lost frame.
      return new Int16Array(FRAME_SAMPLES);
    }
  }

  // ---------------------------------------------------------------- out

  private speak(now: number): void {
    const { send } = this.options;
    if (send === undefined) return;
    this.sentUntil ??= now - FRAME_MS;
    const due = Math.floor((now - this.sentUntil) / FRAME_MS);
    this.sentUntil += due * FRAME_MS;
    const frames = Math.min(due, MAX_FRAMES_AT_ONCE);
    // The receiver's clock goes on while nothing is sent.
    this.timestamp = (this.timestamp + (due - frames) * STAMPS_A_FRAME) >>> 0;
    for (let frame = 0; frame < frames; frame++) this.speakFrame(send);
  }

  private speakFrame(send: (packet: Buffer) => void): void {
    const samples = this.queue.take();
    this.timestamp = (this.timestamp + STAMPS_A_FRAME) >>> 0;
    if (samples === undefined) {
      this.wasSilent = true;
      return;
    }
    this.encoder ??= this.options.opus.createEncoder();
    const { payloadType, ssrc } = this.options;
    this.sequence = (this.sequence + 1) & 0xffff;
    const header = { payloadType, ssrc, sequence: this.sequence, timestamp: this.timestamp, marker: this.wasSilent };
    send(writeRtp(header, this.encoder.encode(samples)));
    this.wasSilent = false;
    this.listener?.onPlayed();
  }
}

function samplesIn(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1000);
}
