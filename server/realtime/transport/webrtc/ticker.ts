/** The clock of all calls: everybody is called about every 20 ms, a few at a time, so that no tick is long. */

const PERIOD_MS = 20;
const GROUPS = 4;

export type Tick = (now: number) => void;

export class Ticker {
  private readonly groups: Set<Tick>[] = Array.from({ length: GROUPS }, () => new Set());
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;
  private nextAt = 0;

  /** Returns what takes it off again. */
  add(tick: Tick): () => void {
    const group = this.groups.reduce((least, each) => (each.size < least.size ? each : least));
    group.add(tick);
    if (this.timer === undefined) {
      this.nextAt = performance.now();
      this.schedule();
    }
    return () => {
      group.delete(tick);
      if (this.groups.every(({ size }) => size === 0)) this.stop();
    };
  }

  private schedule(): void {
    // Counted from when it was due, not from when it came: lateness does not add up.
    this.nextAt = Math.max(this.nextAt + PERIOD_MS / GROUPS, performance.now() - PERIOD_MS);
    this.timer = setTimeout(() => this.run(), Math.max(0, this.nextAt - performance.now()));
  }

  private run(): void {
    const now = performance.now();
    this.schedule();
    this.turn = (this.turn + 1) % GROUPS;
    for (const tick of this.groups[this.turn] ?? []) tick(now);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
