/**
 * Where the client's playback can be at most. Over a socket nobody tells us, but nothing can have been heard before its
 * time has passed, and clients play what they get without a gap.
 */
export class Playback {
  private item: { readonly id: string; readonly startedAt: number; audioMs: number } | undefined;

  /** When what was sent will have been played, on the clock of `performance.now()`; 0 when nothing is playing. */
  get endsAt(): number {
    return this.item === undefined ? 0 : this.item.startedAt + this.item.audioMs;
  }

  get isAudible(): boolean {
    return this.endsAt > performance.now();
  }

  /** How far what was sent is ahead of what was heard, in ms. */
  get aheadMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  sent(itemId: string, ms: number): void {
    if (this.item?.id === itemId) this.item.audioMs += ms;
    else this.item = { id: itemId, startedAt: Math.max(performance.now(), this.endsAt), audioMs: ms };
  }

  /** The client stops playing now. Returns what was playing, and how much of it can have been heard. */
  stop(): { readonly itemId: string; readonly heardMs: number; readonly wasCut: boolean } | undefined {
    const { item } = this;
    this.item = undefined;
    if (item === undefined) return undefined;
    const passedMs = Math.max(0, performance.now() - item.startedAt);
    return { itemId: item.id, heardMs: Math.min(passedMs, item.audioMs), wasCut: passedMs < item.audioMs };
  }
}
