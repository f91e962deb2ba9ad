/** What one session's two sides sounded like, on one clock: the input as it came, the output as it can have been heard. */
import { join } from "node:path";
import { decodeAlaw, decodeUlaw } from "../../realtime/audio/g711";
import { pcmFromBytes } from "../../realtime/audio/pcm";
import type { SessionObservation } from "../../realtime/observers/types";
import { DEFAULT_OUTPUT, type OutputFormat, outputFormatOf } from "../output-format";
import { SpeechClock } from "../speech-clock";
import { WavFile } from "./wav-file";

export interface FinishedSide {
  readonly side: "input" | "output";
  readonly path: string;
  readonly sampleRate: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly peaks: readonly number[];
}

interface Scheduled {
  readonly startMs: number;
  readonly samples: Int16Array;
}

/** More than this waits for a disk that does not keep up: then it is left out. */
const MAX_WAITING = 8 * 1024 * 1024;

export class AudioTrack {
  private input: WavFile | undefined;
  private output: WavFile | undefined;
  private scheduled: Scheduled[] = [];
  /** When what was made so far has been heard. */
  private heardUntilMs = 0;
  private readonly clock = new SpeechClock();
  private outputFormat: OutputFormat = DEFAULT_OUTPUT;

  /** `folder` exists; `name` is the session's. */
  constructor(private readonly place: { readonly folder: string; readonly name: string }) {}

  observe(observation: SessionObservation): void {
    switch (observation.type) {
      case "input-audio":
        return this.heard(observation);
      case "output-audio":
        return this.said(observation.audio, this.clock.now(observation.at));
      case "server-event":
        return this.event(observation.event, this.clock.now(observation.at));
      case "ended":
        return this.cut(this.clock.now(observation.at));
      default:
        return;
    }
  }

  /** Completes the files. */
  async close(): Promise<FinishedSide[]> {
    this.commit(Infinity);
    const sides: FinishedSide[] = [];
    for (const [side, file] of [["input", this.input] as const, ["output", this.output] as const]) {
      const done = await file?.close();
      if (file && done)
        sides.push({
          side,
          path: file.path,
          sampleRate: file.sampleRate,
          bytes: done.bytes,
          durationMs: file.durationMs,
          peaks: file.peaks,
        });
    }
    return sides;
  }

  private heard({ audio, format, sampleRate, at }: Extract<SessionObservation, { type: "input-audio" }>): void {
    const samples = decode(audio, format);
    const startMs = this.clock.input(at, (samples.length / sampleRate) * 1000);
    this.input ??= this.file("input", sampleRate);
    // A file has one rate; what comes in another one after a change of format is left out.
    if (this.input.sampleRate !== sampleRate || this.input.waiting > MAX_WAITING) return;
    this.input.add(startMs, samples);
  }

  private event(event: Extract<SessionObservation, { type: "server-event" }>["event"], at: number): void {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        this.outputFormat = outputFormatOf(event.session) ?? this.outputFormat;
        return;
      case "response.output_audio.delta":
        return this.said(Buffer.from(event.delta, "base64"), at);
      case "response.done":
        if (event.response.status === "cancelled") this.cut(at);
        return;
      case "conversation.item.truncated":
        return this.cut(at);
      default:
        return;
    }
  }

  /** Audio is made faster than it is heard: it waits here until its time has passed. */
  private said(audio: Buffer, at: number): void {
    const { type, sampleRate } = this.outputFormat;
    const samples = decode(audio, type);
    const startMs = Math.max(at, this.heardUntilMs);
    this.heardUntilMs = startMs + (samples.length / sampleRate) * 1000;
    this.scheduled.push({ startMs, samples });
    this.commit(at);
  }

  /** Nothing more is heard of what was said so far. */
  private cut(at: number): void {
    const { sampleRate } = this.outputFormat;
    this.scheduled = this.scheduled
      .filter(({ startMs }) => startMs < at)
      .map(({ startMs, samples }) => ({
        startMs,
        samples: samples.subarray(0, Math.ceil(((at - startMs) / 1000) * sampleRate)),
      }));
    this.heardUntilMs = Math.min(this.heardUntilMs, at);
    this.commit(Infinity);
  }

  private commit(until: number): void {
    while (this.scheduled[0] !== undefined && this.scheduled[0].startMs < until) {
      const { startMs, samples } = this.scheduled.shift() as Scheduled;
      this.output ??= this.file("output", this.outputFormat.sampleRate);
      if (this.output.sampleRate === this.outputFormat.sampleRate && this.output.waiting < MAX_WAITING)
        this.output.add(startMs, samples);
    }
  }

  private file(side: "input" | "output", sampleRate: number): WavFile {
    return new WavFile(join(this.place.folder, `${this.place.name}-${side}.wav`), sampleRate);
  }
}

function decode(audio: Buffer, format: string): Int16Array {
  if (format === "audio/pcmu") return decodeUlaw(audio);
  if (format === "audio/pcma") return decodeAlaw(audio);
  // A copy: the observer may not keep what it is shown.
  return pcmFromBytes(Buffer.from(audio.subarray(0, audio.length & ~1)));
}
