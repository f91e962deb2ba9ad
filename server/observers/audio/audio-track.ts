/** What one session's two sides sounded like, on one clock: the input as it came, the output as it can have been heard. */
import { join } from "node:path";
import { decodeAlaw, decodeUlaw } from "../../realtime/audio/g711";
import { pcmToBytes } from "../../realtime/audio/pcm";
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

/** What was said stays as it came until it is written: most of it is base64 that somebody holds anyway. */
interface Scheduled {
  readonly startMs: number;
  readonly sound: Buffer | string;
  readonly format: OutputFormat;
  /** Of its samples as many are heard. */
  readonly samples: number;
}

/** More than this waits for a disk that does not keep up: then it is left out. */
const MAX_WAITING = 8 * 1024 * 1024;

/** Base64 is taken out of it here, on its way to a file. */
const scratch = Buffer.alloc(64 * 1024);

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
        // The observer may not keep what it is shown.
        return this.said(Buffer.from(observation.audio), this.clock.now(observation.at));
      case "server-event":
        return this.event(observation.event, this.clock.now(observation.at));
      case "ended":
        return this.cut(this.clock.now(observation.at));
      default:
        return;
    }
  }

  /** Completes the files. Throws, when both are closed, what either of them could not do. */
  async close(): Promise<FinishedSide[]> {
    this.commit(Infinity);
    const closed = await Promise.allSettled([finish("input", this.input), finish("output", this.output)]);
    return closed.flatMap((side) => {
      if (side.status === "rejected") throw side.reason;
      return side.value ?? [];
    });
  }

  private heard({ audio, format, sampleRate, at }: Extract<SessionObservation, { type: "input-audio" }>): void {
    const samples = decode(audio, format);
    const startMs = this.clock.input(at, (samples.length / 2 / sampleRate) * 1000);
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
        return this.said(event.delta, at);
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
  private said(sound: Buffer | string, at: number): void {
    const format = this.outputFormat;
    const bytes = typeof sound === "string" ? Buffer.byteLength(sound, "base64") : sound.length;
    const samples = isG711(format.type) ? bytes : bytes >> 1;
    const startMs = Math.max(at, this.heardUntilMs);
    this.heardUntilMs = startMs + (samples / format.sampleRate) * 1000;
    this.scheduled.push({ startMs, sound, format, samples });
    this.commit(at);
  }

  /** Nothing more is heard of what was said so far. */
  private cut(at: number): void {
    this.scheduled = this.scheduled
      .filter(({ startMs }) => startMs < at)
      .map((said) => ({
        ...said,
        samples: Math.min(said.samples, Math.ceil(((at - said.startMs) / 1000) * said.format.sampleRate)),
      }));
    this.heardUntilMs = Math.min(this.heardUntilMs, at);
    this.commit(Infinity);
  }

  private commit(until: number): void {
    let heard = 0;
    for (; heard < this.scheduled.length; heard += 1) {
      const { startMs, sound, format, samples } = this.scheduled[heard]!;
      if (startMs >= until) break;
      this.output ??= this.file("output", format.sampleRate);
      if (this.output.sampleRate === format.sampleRate && this.output.waiting < MAX_WAITING)
        this.output.add(startMs, decode(bytesOf(sound), format.type).subarray(0, samples * 2));
    }
    if (heard > 0) this.scheduled.splice(0, heard);
  }

  private file(side: "input" | "output", sampleRate: number): WavFile {
    return new WavFile(join(this.place.folder, `${this.place.name}-${side}.wav`), sampleRate);
  }
}

async function finish(side: FinishedSide["side"], file: WavFile | undefined): Promise<FinishedSide | undefined> {
  const done = await file?.close();
  if (file === undefined || done === undefined) return undefined;
  const { path, sampleRate, durationMs, peaks } = file;
  return { side, path, sampleRate, bytes: done.bytes, durationMs, peaks };
}

function isG711(format: string): boolean {
  return format === "audio/pcmu" || format === "audio/pcma";
}

/** Good until the next one. */
function bytesOf(sound: Buffer | string): Buffer {
  if (typeof sound !== "string") return sound;
  if (Buffer.byteLength(sound, "base64") > scratch.length) return Buffer.from(sound, "base64");
  return scratch.subarray(0, scratch.write(sound, "base64"));
}

/** 16-bit samples, possibly in the same memory. */
function decode(audio: Buffer, format: string): Buffer {
  if (format === "audio/pcmu") return pcmToBytes(decodeUlaw(audio));
  if (format === "audio/pcma") return pcmToBytes(decodeAlaw(audio));
  return audio.subarray(0, audio.length & ~1);
}
