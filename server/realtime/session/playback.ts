/** What of the assistant's audio has been heard: the seam between a session and how its client listens. */

export interface SentAudio {
  readonly responseId: string;
  readonly itemId: string;
  readonly ms: number;
  /** In wire format. */
  readonly bytes: Buffer;
}

/** What was playing when playback was stopped. */
export interface Stopped {
  readonly itemId: string;
  readonly heardMs: number;
  /** Some of it was not heard. */
  readonly wasCut: boolean;
}

export interface Playback {
  /** The audio goes over a track of its own, and not in events. */
  readonly onTrack: boolean;
  readonly isAudible: boolean;
  /** How far what was sent is ahead of what was heard, in ms. */
  readonly aheadMs: number;
  sent(audio: SentAudio): void;
  /** No more audio of this response will come. */
  ended(responseId: string): void;
  /** The client stops playing now. Returns what was playing, the present item first. */
  stop(): readonly Stopped[];
}

/**
 * Where the client's playback can be at most. Over a socket nobody tells us, but nothing can have been heard before its
 * time has passed, and clients play what they get without a gap.
 */
export class EstimatedPlayback implements Playback {
  readonly onTrack = false;
  private item: { readonly id: string; readonly startedAt: number; audioMs: number } | undefined;

  /** When what was sent will have been played, on the clock of `performance.now()`; 0 when nothing is playing. */
  get endsAt(): number {
    return this.item === undefined ? 0 : this.item.startedAt + this.item.audioMs;
  }

  get isAudible(): boolean {
    return this.endsAt > performance.now();
  }

  get aheadMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  sent({ itemId, ms }: Pick<SentAudio, "itemId" | "ms">): void {
    if (this.item?.id === itemId) this.item.audioMs += ms;
    else this.item = { id: itemId, startedAt: Math.max(performance.now(), this.endsAt), audioMs: ms };
  }

  ended(): void {
    // Nobody tells us when it has been heard.
  }

  stop(): readonly Stopped[] {
    const { item } = this;
    this.item = undefined;
    if (item === undefined) return [];
    const passedMs = Math.max(0, performance.now() - item.startedAt);
    return [{ itemId: item.id, heardMs: Math.min(passedMs, item.audioMs), wasCut: passedMs < item.audioMs }];
  }
}
