/** Work that comes again: each job by itself, never twice at a time, and a failure is told and tried again. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export class Jobs {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Map<string, Promise<void>>();
  private closed = false;

  constructor(
    private readonly jobs: readonly Job[],
    private readonly onFault: (job: string, error: unknown) => void,
  ) {}

  start(): void {
    for (const job of this.jobs) this.schedule(job, job.everyMs);
  }

  /** Does not wait for its time. */
  soon(name: string): void {
    const job = this.jobs.find((each) => each.name === name);
    if (job) this.schedule(job, 0);
  }

  /** Resolves when what runs has ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private schedule(job: Job, ms: number): void {
    if (this.closed) return;
    clearTimeout(this.timers.get(job.name));
    this.timers.set(job.name, setTimeout(() => this.perform(job), ms).unref());
  }

  private perform(job: Job): void {
    const before = this.running.get(job.name);
    if (before) {
      void before.then(() => this.schedule(job, 0));
      return;
    }
    const run = Promise.resolve()
      .then(() => job.run())
      .catch((error: unknown) => this.onFault(job.name, error))
      .then(() => {
        this.running.delete(job.name);
        this.schedule(job, job.everyMs);
      });
    this.running.set(job.name, run);
  }
}
