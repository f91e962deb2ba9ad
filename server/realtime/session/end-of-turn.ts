/**
 * `semantic_vad`: how long to wait in a pause. Judged by sound as soon as the pause is known, and again when its words
 * are; without a judgement the silence alone decides.
 */
import type { TurnDetector } from "../engine/types";
import type { SemanticVadConfig } from "../protocol/session-config";
import { waitFor } from "../turns/patience";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";

export interface EndOfTurnOptions {
  readonly detector: TurnDetector;
  /** This pause ends the turn after so much silence, in ms. */
  readonly wait: (patienceMs: number) => void;
}

interface Pause {
  readonly clip: AudioClip;
  readonly startedAt: number;
  readonly abort: AbortController;
}

/** Without a verdict, as sure as an even chance. */
const NO_VERDICT = 0.5;
/** A detector listens to no more than this. */
const AUDIO_MS = 8_000;

export class EndOfTurn {
  private pause: Pause | undefined;

  constructor(
    private readonly context: SessionContext,
    private readonly options: EndOfTurnOptions,
  ) {}

  /** Somebody paused after `clip`. Does nothing unless detection is semantic. */
  begin(clip: AudioClip): void {
    this.drop();
    if (this.detection === undefined) return;
    this.pause = { clip: clip.tail(AUDIO_MS), startedAt: performance.now(), abort: new AbortController() };
    void this.judge(this.pause, "");
  }

  /** The words of the pause are known. */
  hear(words: string): void {
    if (this.pause !== undefined) void this.judge(this.pause, words);
  }

  drop(): void {
    this.pause?.abort.abort();
    this.pause = undefined;
  }

  private get detection(): SemanticVadConfig | undefined {
    const { turn_detection: detection } = this.context.config().audio.input;
    return detection?.type === "semantic_vad" ? detection : undefined;
  }

  private async judge(pause: Pause, transcript: string): Promise<void> {
    const probability = await this.ask(pause, transcript);
    this.context.post(() => {
      const { detection } = this;
      if (pause !== this.pause || detection === undefined) return;
      this.options.wait(waitFor(probability, detection.eagerness));
    });
  }

  private async ask({ clip, startedAt, abort }: Pause, transcript: string): Promise<number> {
    try {
      return await this.options.detector.judge({
        transcript,
        language: this.context.config().audio.input.transcription?.language,
        audio: await clip.toPcm(),
        pauseMs: performance.now() - startedAt,
        signal: abort.signal,
      });
    } catch (error) {
      if (!abort.signal.aborted) this.context.fault(error);
      return NO_VERDICT;
    }
  }
}
