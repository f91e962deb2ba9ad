/**
 * The one queue of a session. Whatever wants to change the session posts a task; tasks run one after another, never
 * inside each other, so every change sees the whole of the one before it.
 */
export class Mailbox {
  private readonly tasks: (() => void)[] = [];
  private draining = false;
  private closed = false;

  constructor(private readonly onError: (error: unknown) => void) {}

  /** What is posted now runs later. */
  get isBusy(): boolean {
    return this.draining;
  }

  post(task: () => void): void {
    if (this.closed) return;
    this.tasks.push(task);
    if (!this.draining) this.drain();
  }

  /** Drops what waits and takes nothing more. */
  close(): void {
    this.closed = true;
    this.tasks.length = 0;
  }

  private drain(): void {
    this.draining = true;
    for (let task = this.tasks.shift(); task !== undefined; task = this.tasks.shift()) {
      try {
        task();
      } catch (error) {
        this.onError(error);
      }
    }
    this.draining = false;
  }
}
