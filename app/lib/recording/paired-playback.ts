/**
 * Two sounds as one: what the user and the assistant said lies in two files on one clock, and is played, sought and slowed
 * down together. When one of them must wait for the network, so does the other.
 */

/** As much of an audio element as is used of it. */
export type Sound = Pick<
  HTMLMediaElement,
  | "currentTime"
  | "playbackRate"
  | "muted"
  | "paused"
  | "ended"
  | "play"
  | "pause"
  | "load"
  | "addEventListener"
  | "removeEventListener"
>;

export interface PlaybackTrack {
  readonly sound: Sound;
  readonly durationMs: number;
}

export type PlaybackStatus = "paused" | "playing" | "waiting" | "failed";

export interface PlaybackState {
  readonly status: PlaybackStatus;
  readonly atMs: number;
}

/** Further apart than this, two sides no longer sound like one conversation. */
const APART_SECONDS = 0.12;

const EVENTS = ["timeupdate", "waiting", "playing", "ended", "error"] as const;

export class PairedPlayback {
  readonly durationMs: number;
  private readonly listeners = new Set<() => void>();
  private readonly waiting = new Set<Sound>();
  private readonly unlisten: () => void;
  private rate = 1;
  private current: PlaybackState = { status: "paused", atMs: 0 };

  constructor(private readonly tracks: readonly PlaybackTrack[]) {
    this.durationMs = Math.max(0, ...tracks.map(({ durationMs }) => durationMs));
    const undo = tracks.flatMap(({ sound }) =>
      EVENTS.map((type) => {
        const hear = (): void => this.hear(type, sound);
        sound.addEventListener(type, hear);
        return () => sound.removeEventListener(type, hear);
      }),
    );
    this.unlisten = () => undo.forEach((each) => each());
  }

  /** The same object until something changed. */
  readonly state = (): PlaybackState => this.current;

  /** Returns what ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Between two states, to the millisecond. */
  get nowMs(): number {
    const { status, atMs } = this.current;
    const clock = this.clock;
    return status === "playing" && clock !== undefined ? clock.sound.currentTime * 1000 : atMs;
  }

  play(): void {
    if (this.current.status === "failed") this.reload();
    const atMs = this.current.atMs >= this.durationMs ? 0 : this.current.atMs;
    this.waiting.clear();
    this.place(atMs);
    this.set({ status: "playing", atMs });
    this.start();
  }

  pause(): void {
    for (const { sound } of this.tracks) sound.pause();
    this.waiting.clear();
    this.set({ status: "paused", atMs: this.nowMs });
  }

  toggle(): void {
    if (this.current.status === "playing" || this.current.status === "waiting") this.pause();
    else this.play();
  }

  seek(ms: number): void {
    const atMs = Math.min(Math.max(0, ms), this.durationMs);
    this.place(atMs);
    this.set({ ...this.current, atMs });
    if (this.current.status === "playing") this.start();
  }

  setRate(rate: number): void {
    this.rate = rate;
    for (const { sound } of this.tracks) sound.playbackRate = rate;
  }

  close(): void {
    this.pause();
    this.unlisten();
    this.listeners.clear();
  }

  /** The longer one is there from the first moment to the last. */
  private get clock(): PlaybackTrack | undefined {
    return this.tracks.find(({ durationMs }) => durationMs === this.durationMs);
  }

  private reload(): void {
    for (const { sound } of this.tracks) {
      sound.load();
      sound.playbackRate = this.rate;
    }
  }

  private place(atMs: number): void {
    for (const { sound, durationMs } of this.tracks) {
      const to = Math.min(atMs, durationMs) / 1000;
      // Each seek asks the server again.
      if (Math.abs(sound.currentTime - to) > 0.01) sound.currentTime = to;
    }
  }

  private start(): void {
    for (const { sound, durationMs } of this.tracks) {
      if (this.current.atMs >= durationMs || !sound.paused) continue;
      sound.play().catch((error: unknown) => {
        // It was paused before it had begun.
        if (error instanceof DOMException && error.name === "AbortError") return;
        this.fail();
      });
    }
  }

  private hear(type: (typeof EVENTS)[number], sound: Sound): void {
    const { status } = this.current;
    if (type === "error") return this.fail();
    if (status !== "playing" && status !== "waiting") return;
    switch (type) {
      case "timeupdate":
        if (sound === this.clock?.sound && status === "playing") this.tick(sound);
        return;
      case "waiting":
        this.waiting.add(sound);
        for (const other of this.tracks) if (!this.waiting.has(other.sound)) other.sound.pause();
        return this.set({ status: "waiting", atMs: this.current.atMs });
      case "playing":
        return this.ready(sound);
      case "ended":
        if (sound !== this.clock?.sound) return this.ready(sound);
        for (const { sound: each } of this.tracks) each.pause();
        return this.set({ status: "paused", atMs: this.durationMs });
      default:
        return type satisfies never;
    }
  }

  /** It need not wait any more: goes on when no other one must. */
  private ready(sound: Sound): void {
    this.waiting.delete(sound);
    if (this.current.status !== "waiting") return;
    if (this.waiting.size > 0) return sound.pause();
    this.set({ status: "playing", atMs: this.current.atMs });
    if (!sound.ended) this.align(sound);
    this.start();
  }

  private tick(clock: Sound): void {
    this.set({ status: "playing", atMs: clock.currentTime * 1000 });
    this.align(clock);
  }

  private align(clock: Sound): void {
    for (const { sound } of this.tracks) {
      if (sound === clock || sound.ended) continue;
      if (Math.abs(sound.currentTime - clock.currentTime) > APART_SECONDS) sound.currentTime = clock.currentTime;
    }
  }

  private fail(): void {
    for (const { sound } of this.tracks) sound.pause();
    this.waiting.clear();
    this.set({ status: "failed", atMs: this.current.atMs });
  }

  private set(state: PlaybackState): void {
    const { status, atMs } = this.current;
    if (status === state.status && atMs === state.atMs) return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
