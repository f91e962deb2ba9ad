/**
 * What runs now, told to everybody who watches. However many they are, each organisation is looked at once: when the
 * recorder has written something of it, and now and then, for what other servers on the same database do.
 */
export interface LiveFeedOptions<T> {
  readonly read: (org: string) => Promise<T>;
  /** What a change is: two with the same key are the same. */
  readonly keyOf: (seen: T) => string;
  readonly onFault: (error: unknown) => void;
  /** Milliseconds between two looks at most. Default: 10,000. */
  readonly slowMs?: number;
  /** Milliseconds between two looks at least. Default: 1,000. */
  readonly quickMs?: number;
}

interface Watched<T> {
  readonly wakeWatchers: Set<() => void>;
  latest: { readonly seen: T; readonly key: string; readonly version: number } | undefined;
  timer: NodeJS.Timeout | undefined;
  lookedAt: number;
  looking: boolean;
  /** Something was written while it was looked at. */
  stale: boolean;
}

export class LiveFeed<T> {
  private readonly watched = new Map<string, Watched<T>>();

  constructor(private readonly options: LiveFeedOptions<T>) {}

  /** What there is, and whenever it changed. Whoever is slow misses what came between. Ends with `signal`. */
  async *watch(org: string, signal: AbortSignal | undefined): AsyncGenerator<T, void, undefined> {
    let wake: () => void = () => undefined;
    const onWake = (): void => wake();
    const place = this.enter(org, onWake);
    signal?.addEventListener("abort", onWake);
    try {
      let told = 0;
      while (signal?.aborted !== true) {
        const { latest } = place;
        const awake = new Promise<void>((resolve) => (wake = resolve));
        if (latest !== undefined && latest.version > told) {
          told = latest.version;
          yield latest.seen;
        } else await awake;
      }
    } finally {
      signal?.removeEventListener("abort", onWake);
      this.leave(org, onWake);
    }
  }

  /** Something about the organisation's sessions was written. */
  poke(org: string): void {
    const place = this.watched.get(org);
    if (place === undefined) return;
    if (place.looking) place.stale = true;
    else this.schedule(org, place, this.quickMs);
  }

  private get quickMs(): number {
    return this.options.quickMs ?? 1_000;
  }

  private enter(org: string, onWake: () => void): Watched<T> {
    const known = this.watched.get(org);
    if (known) {
      known.wakeWatchers.add(onWake);
      return known;
    }
    const place: Watched<T> = {
      wakeWatchers: new Set([onWake]),
      latest: undefined,
      timer: undefined,
      lookedAt: -Infinity,
      looking: false,
      stale: false,
    };
    this.watched.set(org, place);
    void this.look(org, place);
    return place;
  }

  private leave(org: string, onWake: () => void): void {
    const place = this.watched.get(org);
    if (!place?.wakeWatchers.delete(onWake) || place.wakeWatchers.size > 0) return;
    clearTimeout(place.timer);
    this.watched.delete(org);
  }

  private schedule(org: string, place: Watched<T>, afterMs: number): void {
    clearTimeout(place.timer);
    const dueMs = Math.max(0, place.lookedAt + afterMs - Date.now());
    place.timer = setTimeout(() => void this.look(org, place), dueMs).unref();
  }

  private async look(org: string, place: Watched<T>): Promise<void> {
    const { read, keyOf, onFault, slowMs = 10_000 } = this.options;
    Object.assign(place, { looking: true, stale: false, lookedAt: Date.now() });
    try {
      const seen = await read(org);
      const key = keyOf(seen);
      if (key !== place.latest?.key) {
        place.latest = { seen, key, version: (place.latest?.version ?? 0) + 1 };
        for (const wake of place.wakeWatchers) wake();
      }
    } catch (error) {
      onFault(error);
    }
    place.looking = false;
    if (this.watched.get(org) === place) this.schedule(org, place, place.stale ? this.quickMs : slowMs);
  }
}
