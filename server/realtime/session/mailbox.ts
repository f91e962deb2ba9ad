/**
 * The one queue of a session. Whatever wants to change the session posts a task; tasks run one after another, never
 * inside each other, so every change sees the whole of the one before it.
 */
export class Mailbox {
  private readonly tasks: (() => void)[] = [];
  private draining = false;
  private closed = false;

  constructor(private readonly onError: (error: unknown) => void) {}

  post(task: () => void): void {
    if (this.enter()) {
      this.run(task);
      this.leave();
    } else if (!this.closed) this.tasks.push(task);
  }

  /**
   * For what comes so often that a task for each would be too dear: true when nobody is at work. The caller then does its
   * work at once, and calls `leave` in any case.
   */
  enter(): boolean {
    if (this.draining || this.closed) return false;
    this.draining = true;
    return true;
  }

  /** Runs what was posted meanwhile. */
  leave(): void {
    for (let task = this.tasks.shift(); task !== undefined; task = this.tasks.shift()) this.run(task);
    this.draining = false;
  }

  /** Drops what waits and takes nothing more. */
  close(): void {
    this.closed = true;
    this.tasks.length = 0;
  }

  private run(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.onError(error);
    }
  }
}
