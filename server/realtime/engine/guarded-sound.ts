/**
 * Sound whose words are judged, and cannot be told apart from that of other words: no more of it is let out than the
 * words that passed can account for.
 */
import { durationMs, type Pcm } from "../audio/pcm";

/** Of an unhurried speaker. */
const MS_PER_LETTER = 90;
/** Held back at most: more is sound for which there are no words. */
const MOST_MS = 120_000;

export class GuardedSound {
  private readonly held: Pcm[] = [];
  private heldMs = 0;
  private allowedMs = 0;

  /** So many letters passed. */
  allow(letters: number): void {
    this.allowedMs += letters * MS_PER_LETTER;
  }

  /** False when there is too much to hold. */
  push(audio: Pcm): boolean {
    this.held.push(audio);
    this.heldMs += msOf(audio);
    return this.heldMs <= MOST_MS;
  }

  get holds(): boolean {
    return this.held.length > 0;
  }

  /** What may be heard by now. */
  *take(): Generator<Pcm, void> {
    for (let next = this.held[0]; next !== undefined && this.allowedMs > 0; next = this.held[0]) {
      this.held.shift();
      this.heldMs -= msOf(next);
      this.allowedMs -= msOf(next);
      yield next;
    }
  }

  /** All of it: every word passed. */
  *takeAll(): Generator<Pcm, void> {
    this.allowedMs = Infinity;
    yield* this.take();
  }
}

function msOf({ samples, sampleRate }: Pcm): number {
  return durationMs(samples.length, sampleRate);
}
