/** Cuts a talk into utterances, at its pauses or when they grow long, and has each one listened to while it is spoken. */
import { Bell } from "../engine/bell";
import type { TranscriptEvent, TranscriptStream, VadFrame, VadStream, VoiceActivityDetector } from "../engine/types";
import { MIN_SPEECH_MS, nextTurn, SILENT, type TurnSettings, type TurnState } from "../turns/turn";
import { FRAME_MS, WIRE } from "./frames";
import { SampleWindow } from "./sample-window";

export interface Utterance {
  readonly words: AsyncIterable<TranscriptEvent>;
  /** Up to where it has been listened to, in whole frames of the talk. */
  elapsedMs(): number;
  /** What of it has been given to the recogniser, in ms. */
  heardMs(): number;
}

export interface EarsOptions {
  /** Undefined: all is speech, and is cut by its length alone. */
  readonly vad: VoiceActivityDetector | undefined;
  listen(sampleRate: number): TranscriptStream;
  onUtterance(utterance: Utterance): void;
  onFailure(error: unknown): void;
}

interface Open {
  readonly stream: TranscriptStream;
  readonly start: number;
  /** What has been given to the recogniser. */
  fed: number;
}

/** An utterance so long ends at the next short pause … */
const LONG_MS = 6_000;
/** … and one so long ends wherever it is; sooner where nobody hears pauses. */
const TOO_LONG_MS = 15_000;
const BLIND_CUT_MS = 8_000;
const PAUSE_MS = 400;
const SHORT_PAUSE_MS = 150;
/** Heard before the speech was sure to be speech. */
const PREFIX_MS = 200;
const KEEP_MS = 600;
/** Given to the detector and not judged yet; more is not given to it. */
const AHEAD_MS = 2_000;
/** A detector that is silent for so long has died. */
const DETECTOR_TIMEOUT_MS = 10_000;
/** Silence after the talk, so that the detector has whole frames for all of it. */
const TAIL = new Int16Array(samplesOf(100));

export class Ears {
  private readonly window = new SampleWindow();
  private readonly changed = new Bell();
  private detector: VadStream | undefined;
  private turn: TurnState = SILENT;
  /** Up to where it is known whether somebody speaks. */
  private judged = 0;
  private open: Open | undefined;
  /** Where the last utterance ended: nothing is heard twice. */
  private ended = 0;

  constructor(private readonly options: EarsOptions) {}

  hear(samples: Int16Array): void {
    const start = this.window.end;
    this.window.append(samples);
    if (this.options.vad === undefined) this.judge(this.window.end, { probability: 1 });
    else this.detectorFrom(this.options.vad, start).push(samples);
  }

  /** Resolves when the detector is not far behind. */
  async caughtUp(maxMs = AHEAD_MS): Promise<void> {
    while (msOf(this.window.end - this.judged) > maxMs) {
      if (!(await this.changed.waitFor(DETECTOR_TIMEOUT_MS)))
        this.goDeaf(new Error("The voice activity detector does not answer."));
    }
  }

  /** The talk is over. */
  async finish(): Promise<void> {
    this.detector?.push(TAIL);
    await this.caughtUp(0);
    this.close();
    this.endUtterance(this.window.end);
  }

  /** Nobody waits for the detector any more. */
  close(): void {
    this.closeDetector();
    this.judged = this.window.end;
    this.changed.ring();
  }

  private closeDetector(): void {
    this.detector?.close();
    this.detector = undefined;
  }

  private detectorFrom(vad: VoiceActivityDetector, start: number): VadStream {
    if (this.detector !== undefined) return this.detector;
    const detector: VadStream = vad.open({
      sampleRate: WIRE.sampleRate,
      onFrame: ({ endSample, ...frame }) => {
        if (detector === this.detector) this.judge(start + endSample, frame);
      },
      onError: (error) => {
        if (detector === this.detector) this.goDeaf(error);
      },
    });
    this.detector = detector;
    return detector;
  }

  private judge(until: number, frame: Omit<VadFrame, "endSample">): void {
    const startMs = msOf(this.judged);
    this.judged = Math.min(until, this.window.end);
    const endMs = msOf(this.judged);
    const step = nextTurn(this.turn, { ...frame, type: "frame", startMs, endMs }, this.settings);
    this.turn = step.state;
    for (const effect of step.effects) {
      if (effect.type === "speech-started") this.beginUtterance(samplesOf(effect.audioStartMs));
      else if (effect.type === "speech-stopped") this.endUtterance(this.judged);
    }
    this.feed(this.judged);
    this.cutIfTooLong();
    this.window.dropBefore(this.open?.fed ?? this.judged - samplesOf(KEEP_MS));
    this.changed.ring();
  }

  private get settings(): TurnSettings {
    const silenceDurationMs = this.openMs >= LONG_MS ? SHORT_PAUSE_MS : PAUSE_MS;
    return { threshold: 0.5, prefixPaddingMs: PREFIX_MS, minSpeechMs: MIN_SPEECH_MS, silenceDurationMs };
  }

  private get openMs(): number {
    return this.open === undefined ? 0 : msOf(this.judged - this.open.start);
  }

  private beginUtterance(from: number): void {
    const start = Math.max(from, this.ended, this.window.start);
    const open: Open = { stream: this.options.listen(WIRE.sampleRate), start, fed: start };
    this.open = open;
    this.options.onUtterance({
      words: open.stream,
      elapsedMs: () => wholeFrames(msOf(open.fed)),
      heardMs: () => msOf(open.fed - open.start),
    });
  }

  private feed(until: number): void {
    const { open } = this;
    if (open === undefined || open.fed >= until) return;
    for (const samples of this.window.between(open.fed, until)) open.stream.push(samples);
    open.fed = until;
  }

  private endUtterance(until: number): void {
    this.feed(until);
    if (this.open === undefined) return;
    this.open.stream.finish();
    this.ended = this.open.fed;
    this.open = undefined;
  }

  private cutIfTooLong(): void {
    if (this.openMs < (this.options.vad === undefined ? BLIND_CUT_MS : TOO_LONG_MS)) return;
    this.endUtterance(this.judged);
    this.beginUtterance(this.judged);
  }

  /** What was not judged may have been speech. The next audio gets a new detector. */
  private goDeaf(error: Error): void {
    this.options.onFailure(error);
    this.closeDetector();
    if (this.open === undefined) this.beginUtterance(this.judged);
    this.judged = this.window.end;
    this.endUtterance(this.judged);
    this.turn = nextTurn(this.turn, { type: "reset" }, this.settings).state;
    this.changed.ring();
  }
}

function msOf(samples: number): number {
  return (samples * 1_000) / WIRE.sampleRate;
}

function samplesOf(ms: number): number {
  return Math.round((ms * WIRE.sampleRate) / 1_000);
}

function wholeFrames(ms: number): number {
  return Math.ceil(ms / FRAME_MS) * FRAME_MS;
}
