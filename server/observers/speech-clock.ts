/**
 * One clock for what both sides say. A client that sends faster than people speak, from a file maybe, moves it on: what is
 * answered then comes after what was sent, and not into it.
 */

/** Less than this between two chunks is the network's doing, not a pause. */
export const JITTER_MS = 120;
/** Only the latest are asked for. */
const MOST_PAUSES = 500;

export class SpeechClock {
  private aheadMs = 0;
  private bufferMs = 0;
  private end = 0;
  private pauses: { readonly bufferMs: number; readonly shiftMs: number }[] = [];

  /** `at` of an observation on this clock. */
  now(at: number): number {
    return at + this.aheadMs;
  }

  /** Where the input ends by now. */
  get inputEndMs(): number {
    return this.end;
  }

  /** `ms` of input that came at `at`. Returns when it was said. */
  input(at: number, ms: number): number {
    const pause = this.now(at) - ms - this.end;
    if (pause > JITTER_MS) {
      this.end += pause;
      this.pauses.push({ bufferMs: this.bufferMs, shiftMs: this.end - this.bufferMs });
      if (this.pauses.length > MOST_PAUSES) this.pauses.shift();
    }
    const from = this.end;
    this.end += ms;
    this.bufferMs += ms;
    const earlyMs = this.end - this.now(at);
    if (earlyMs > JITTER_MS) this.aheadMs += earlyMs;
    return from;
  }

  /** A place in all the audio that was sent, as `audio_start_ms` and `audio_end_ms` name it: they know no pauses. */
  ofBuffer(ms: number): number {
    return ms + (this.pauses.findLast(({ bufferMs }) => bufferMs <= ms)?.shiftMs ?? 0);
  }
}
