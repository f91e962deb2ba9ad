/** Where each piece of a reply lies on the audio clock, and so what was heard of it. Pure; seconds unless said. */

export interface AudioPart {
  readonly itemId: string;
  readonly contentIndex: number;
}

/** A part that was not heard to its end. */
export interface CutPart extends AudioPart {
  readonly heardMs: number;
}

interface Segment extends AudioPart {
  readonly start: number;
  readonly end: number;
}

/** Head start of the first piece after silence, so that the next pieces arrive before it ends. */
const LEAD = 0.06;

export class PlaybackTimeline {
  #segments: Segment[] = [];

  /** Places `duration` seconds right behind what is there already, and returns when they start. */
  add(part: AudioPart, duration: number, now: number): number {
    this.#forget(now);
    const end = this.#segments.at(-1)?.end ?? 0;
    const start = end > now ? end : now + LEAD;
    this.#segments.push({ ...part, start, end: start + duration });
    return start;
  }

  /** The part that sounds at `now` and how much of it was heard; undefined in silence after the last one. */
  current(now: number): CutPart | undefined {
    const segment = this.#segments.find(({ end }) => end > now);
    return (
      segment && { itemId: segment.itemId, contentIndex: segment.contentIndex, heardMs: this.#heardMs(segment, now) }
    );
  }

  /** When everything that was added will have sounded. */
  get end(): number {
    return this.#segments.at(-1)?.end ?? 0;
  }

  /** Empties the timeline and returns every part that was not heard to its end, in order. */
  cut(now: number): CutPart[] {
    const parts = new Map<string, CutPart>();
    for (const segment of this.#segments) {
      const { itemId, contentIndex } = segment;
      const key = `${itemId} ${contentIndex}`;
      if (segment.end > now && !parts.has(key))
        parts.set(key, { itemId, contentIndex, heardMs: this.#heardMs(segment, now) });
    }
    this.#segments = [];
    return [...parts.values()];
  }

  #heardMs(part: AudioPart, now: number): number {
    const heard = this.#segments
      .filter(({ itemId, contentIndex }) => itemId === part.itemId && contentIndex === part.contentIndex)
      .reduce((sum, { start, end }) => sum + Math.max(0, Math.min(now, end) - start), 0);
    return Math.floor(heard * 1000 + 1e-6);
  }

  /** Parts that are over are needed no more; of the part that still sounds, every piece counts. */
  #forget(now: number): void {
    const first = this.#segments.findIndex(({ end }) => end > now);
    const current = this.#segments[first === -1 ? this.#segments.length - 1 : first];
    if (current === undefined) return;
    const from = this.#segments.findIndex(
      (s) => s.itemId === current.itemId && s.contentIndex === current.contentIndex,
    );
    this.#segments = this.#segments.slice(from);
  }
}
