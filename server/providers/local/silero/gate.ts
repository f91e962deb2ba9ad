/** A frame's level is that of its loudest quarter: the mean square without the mean, so that an offset is no sound. */
const BLOCKS = 4;
/** A frame so much louder than the background opens the gate: 6 dB. */
const OPENS_AT = 4;
/** Frames that may still pass after one that did by its loudness: 200 ms. */
const HANG = 6;
/** So sure of speech keeps the gate open as well, however soft that is: speech is never cut. */
const SPEAKING = 0.1;
const SPEAKING_HANG = 3;
/** Frames of 32 ms: the first second of a stream is heard whatever it is, for nothing is known of its background. */
const LEARNING = 32;
/** The background is the softest eighth of a second of the last two, kept as the softest of each quarter of a second. */
const SMOOTH = 4;
const PARTS = 8;
const PART = 8;
/** About −75 dB of full scale. Below this nothing is background: silence is not "louder than silence". */
const LEAST_FLOOR = 32;
/** Up to here (5 dB above it) a frame may be background alone. */
const DOUBTFUL = 3;
const LEAST_DOUBT = 4;
/** How the loudest of late fades: 4 dB a second. */
const FADE = 0.97;

/**
 * Spares the model what cannot be speech: frames no louder than the background, which it follows. Fed with the frames of
 * one stream in order, and with what the model said of those that it let through.
 */
export class EnergyGate {
  readonly #recent = new Float64Array(SMOOTH);
  readonly #softest = new Float64Array(PARTS).fill(Infinity);
  #loudest = 0;
  #frames = 0;
  #left = 0;
  #doubt = 1;
  #faint = false;

  /** Whether the model shall hear this frame. */
  admits(frame: Int16Array): boolean {
    const level = levelOf(frame);
    const floor = this.#follow(level);
    const isLearning = this.#frames <= LEARNING;
    this.#faint = !isLearning && level <= DOUBTFUL * floor;
    this.#doubt = !this.#faint ? 1 : Math.max(LEAST_DOUBT, this.#loudest / floor / 8);
    if (isLearning || level > OPENS_AT * floor) {
      this.#left = HANG;
      return true;
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  /** The last frame may have been background alone. */
  get isFaint(): boolean {
    return this.#faint;
  }

  /**
   * What to make of the model's probability. It lags: after the last word it believes in speech for another 50 to 100 ms.
   * So where the frame is hardly louder than the background, and the more so the clearer the speech was, it must be sure.
   */
  judge(probability: number): number {
    if (probability >= SPEAKING) this.#left = Math.max(this.#left, SPEAKING_HANG);
    return probability ** this.#doubt;
  }

  /** Returns the level of the background. */
  #follow(level: number): number {
    this.#loudest = Math.max(level, this.#loudest * FADE);
    this.#recent[this.#frames % SMOOTH] = level;
    const smooth = this.#frames < SMOOTH ? Infinity : meanOf(this.#recent);
    const part = Math.floor(this.#frames / PART) % PARTS;
    const isNew = this.#frames % PART === 0;
    this.#softest[part] = isNew ? smooth : Math.min(this.#softest[part]!, smooth);
    this.#frames += 1;
    return Math.max(LEAST_FLOOR, leastOf(this.#softest));
  }
}

// By hand: a call for each value, or a list of them, costs more than the rest of a frame.

function meanOf(values: Float64Array): number {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at]!;
  return total / values.length;
}

function leastOf(values: Float64Array): number {
  let least = Infinity;
  for (let at = 0; at < values.length; at++) least = Math.min(least, values[at]!);
  return least;
}

function levelOf(frame: Int16Array): number {
  const length = Math.floor(frame.length / BLOCKS);
  let loudest = 0;
  for (let start = 0; start + length <= frame.length; start += length) {
    let total = 0;
    let squares = 0;
    for (let at = start; at < start + length; at++) {
      const sample = frame[at]!;
      total += sample;
      squares += sample * sample;
    }
    loudest = Math.max(loudest, squares / length - (total / length) ** 2);
  }
  return loudest;
}
