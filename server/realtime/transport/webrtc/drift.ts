/**
 * Keeps the sound of a client in step with our clock. The client's sound card runs a little faster or slower than our
 * clock says; over an hour that is up to a second. Here frames become two samples longer or shorter, which nobody
 * hears, until what was heard lasts as long as the time that has passed. Pure.
 */

const WINDOW_MS = 2_000;
/** No correction for less. */
const TOLERANCE_MS = 10;
/** Of 480: four per thousand. Crystals differ by less than one. */
const SAMPLES_A_FRAME = 2;
/** So far ahead, whole frames of silence are left out. */
const QUIET_MS = 35;
const QUIET_BELOW = 250;
/** Beyond this it is no drift but a jump: time is counted anew from here. */
const JUMP_MS = 2_000;

export class DriftCorrector {
  private startedAt: number | undefined;
  private producedSamples = 0;
  private correctedSamples = 0;
  /** The largest lead of the window before and of this one: packets may be late, never early. */
  private lastMax = -Infinity;
  private max = -Infinity;
  private windowEndsAt = 0;

  constructor(private readonly sampleRate: number) {}

  /** By how much the sound is ahead of the clock, corrected, in ms. */
  get leadMs(): number {
    const raw = Math.max(this.lastMax, this.max);
    return raw === -Infinity ? 0 : raw + this.toMs(this.correctedSamples);
  }

  /** The frame, perhaps a little longer or shorter. */
  process(frame: Int16Array, now: number): Int16Array {
    if (frame.length === 0) return frame;
    this.observe(now);
    this.producedSamples += frame.length;
    const lead = this.leadMs;
    if (Math.abs(lead) > JUMP_MS) {
      this.restart(now);
      return frame;
    }
    if (lead > QUIET_MS && isQuiet(frame)) {
      // After a hold-up of the network there is silence that was put in, and then what was late.
      this.correctedSamples -= frame.length;
      return frame.subarray(0, 0);
    }
    if (Math.abs(lead) <= TOLERANCE_MS) return frame;
    const change = (lead > 0 ? -1 : 1) * Math.max(1, Math.round((SAMPLES_A_FRAME * frame.length) / 480));
    this.correctedSamples += change;
    return stretched(frame, frame.length + change);
  }

  private observe(now: number): void {
    this.startedAt ??= now;
    if (now >= this.windowEndsAt) {
      this.lastMax = this.max;
      this.max = -Infinity;
      this.windowEndsAt = now + WINDOW_MS;
    }
    this.max = Math.max(this.max, this.toMs(this.producedSamples) - (now - this.startedAt));
  }

  private restart(now: number): void {
    this.startedAt = now;
    this.producedSamples = 0;
    this.correctedSamples = 0;
    this.lastMax = -Infinity;
    this.max = -Infinity;
    this.windowEndsAt = 0;
  }

  private toMs(samples: number): number {
    return (samples * 1000) / this.sampleRate;
  }
}

function isQuiet(frame: Int16Array): boolean {
  return frame.every((sample) => Math.abs(sample) < QUIET_BELOW);
}

/** The same curve over another number of samples, joined by straight lines; both ends stay where they are. */
function stretched(frame: Int16Array, length: number): Int16Array {
  if (frame.length < 2 || length < 2) return frame;
  const result = new Int16Array(length);
  const step = (frame.length - 1) / (length - 1);
  for (let index = 0; index < length; index++) {
    const at = index * step;
    const left = Math.min(frame.length - 2, Math.floor(at));
    const from = frame[left]!;
    result[index] = Math.round(from + (frame[left + 1]! - from) * (at - left));
  }
  return result;
}
