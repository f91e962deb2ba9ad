/** Keeps what a client sends in order, where one of its events must wait for something outside. */
import { errors, type ProtocolError } from "../protocol/errors";

interface Entry {
  readonly run: () => void;
  readonly prepare: (() => Promise<void>) | undefined;
}

/** Events that may wait; more are refused. At 20 ms of audio each, this is 40 seconds. */
const MAX_WAITING = 2_000;

export class Gate {
  private readonly waiting: Entry[] = [];
  private isPassing = false;

  constructor(private readonly refuse: (error: ProtocolError) => void) {}

  /** What enters now runs later. */
  get isShut(): boolean {
    return this.isPassing;
  }

  /** Runs at once, or after `prepare` and all that came before. `prepare` never rejects. */
  enter(run: () => void, prepare?: () => Promise<void>): void {
    if (!this.isPassing && prepare === undefined) return run();
    if (this.waiting.length >= MAX_WAITING)
      return this.refuse(errors.rateLimitExceeded(`At most ${MAX_WAITING} events can wait for a stored prompt.`));
    this.waiting.push({ run, prepare });
    if (!this.isPassing) void this.pass();
  }

  private async pass(): Promise<void> {
    this.isPassing = true;
    for (let entry = this.waiting.shift(); entry !== undefined; entry = this.waiting.shift()) {
      await entry.prepare?.();
      entry.run();
    }
    this.isPassing = false;
  }
}
