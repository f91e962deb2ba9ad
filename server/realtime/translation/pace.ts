/** How fast to speak: a translation that takes longer than the talk must not fall behind it more and more. */
const FASTER = [
  { behindMs: 20_000, speed: 1.4 },
  { behindMs: 10_000, speed: 1.25 },
  { behindMs: 4_000, speed: 1.1 },
] as const;

export class Pace {
  private playedUntilMs = 0;

  /** `now` is how long the talk has lasted, in ms. */
  constructor(private readonly now: () => number) {}

  /** Speech that was sent and cannot have been heard yet, in ms. */
  get behindMs(): number {
    return Math.max(0, this.playedUntilMs - this.now());
  }

  get speed(): number {
    const { behindMs } = this;
    return FASTER.find((step) => behindMs >= step.behindMs)?.speed ?? 1;
  }

  sent(ms: number): void {
    this.playedUntilMs = Math.max(this.playedUntilMs, this.now()) + ms;
  }
}
