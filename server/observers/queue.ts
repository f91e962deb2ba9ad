/**
 * Between the sessions and the database: bounded, written in batches, patient. When the database is away what waits goes
 * to disk; when that is full too it is dropped, and what was dropped is written down as a gap.
 */
import { randomUUID } from "node:crypto";
import { isUnavailable } from "../../lib/db/errors";
import type { Logger } from "../../lib/logger";
import type { Gap, Operation } from "./rows";
import type { Spool } from "./spool";
import type { Batch } from "./write";

export interface QueueOptions {
  readonly write: (batch: Batch) => Promise<void>;
  readonly spool: Spool;
  readonly log: Pick<Logger, "warn" | "info" | "error">;
  /** Operations in memory at most. */
  readonly maxWaiting: number;
  readonly batchSize: number;
  /** Milliseconds between two attempts while the database is away. */
  readonly retryMs: number;
}

/** Sessions whose gaps are told apart; beyond, they have no room either. */
const MAX_GAPS = 10_000;

export class RecordingQueue {
  private waiting: Operation[] = [];
  private readonly gaps = new Map<string, Gap & { readonly org: string; readonly session: string }>();
  private current: Batch | undefined;
  private draining: Promise<void> | undefined;
  private away = false;
  private retryAt = 0;

  constructor(private readonly options: QueueOptions) {}

  get size(): number {
    return this.waiting.length + (this.current?.operations.length ?? 0);
  }

  push(operation: Operation): void {
    if (this.waiting.length < this.options.maxWaiting) this.waiting.push(operation);
    else this.lose([operation], "the database was away and there was no more room");
  }

  /** Writes what waits, as far as the database takes it. Never rejects. */
  drain(): Promise<void> {
    this.draining ??= this.run()
      .catch((error: unknown) => this.options.log.error("Recording failed.", error))
      .finally(() => (this.draining = undefined));
    return this.draining;
  }

  /** Whatever the database does not take now goes to disk. */
  async close(): Promise<void> {
    this.retryAt = 0;
    await this.drain();
    await this.spill(0);
  }

  private async run(): Promise<void> {
    const { spool, maxWaiting } = this.options;
    if (this.away && Date.now() < this.retryAt) return this.spill(maxWaiting / 2);
    while (spool.waiting > 0) {
      const batch = await spool.peek();
      if (batch === undefined) break;
      if (!(await this.attempt(batch))) return this.spill(maxWaiting / 2);
      await spool.drop();
    }
    for (;;) {
      const batch = this.next();
      if (batch === undefined) return;
      if (!(await this.attempt(batch))) {
        this.current = batch;
        return this.spill(maxWaiting / 2);
      }
    }
  }

  private next(): Batch | undefined {
    const unfinished = this.current;
    this.current = undefined;
    if (unfinished) return unfinished;
    const operations = this.waiting.splice(0, this.options.batchSize);
    for (const [key, { org, session, ...gap }] of [...this.gaps].slice(0, this.options.batchSize)) {
      operations.push({ org, session, type: "gap", gap });
      this.gaps.delete(key);
    }
    return operations.length === 0 ? undefined : { id: randomUUID(), operations };
  }

  /** False: the database is away. What it refuses for good is looked for by halves, and dropped alone. */
  private async attempt(batch: Batch): Promise<boolean> {
    const { log, retryMs, write } = this.options;
    try {
      await write(batch);
      if (this.away) log.info("The database is back; what was recorded meanwhile is being written.");
      this.away = false;
      return true;
    } catch (error) {
      if (isUnavailable(error)) {
        if (!this.away) log.warn("The database is away: sessions go on, and what is recorded waits.", error);
        this.away = true;
        this.retryAt = Date.now() + retryMs;
        return false;
      }
      const { operations } = batch;
      if (operations.length <= 1) {
        log.error("Something cannot be recorded.", error);
        // A gap that cannot be written must not make another one.
        if (operations[0]?.type !== "gap") this.lose(operations, "the database refused it");
        return true;
      }
      const middle = operations.length >> 1;
      for (const [from, to] of [[0, middle] as const, [middle, operations.length] as const]) {
        if (await this.attempt({ id: randomUUID(), operations: operations.slice(from, to) })) continue;
        this.waiting.unshift(...operations.slice(from));
        break;
      }
      return true;
    }
  }

  /** Puts what is more than `room` on disk. */
  private async spill(room: number): Promise<void> {
    const { spool } = this.options;
    while (this.size > room) {
      const batch = this.next();
      if (batch === undefined) return;
      if (await spool.put(batch)) continue;
      // No room on disk: what came last waits in memory as long as it can.
      if (room > 0) {
        this.current = batch;
        return;
      }
      this.lose(batch.operations, "there was no more room on disk");
    }
  }

  private lose(operations: readonly Operation[], reason: string): void {
    const now = Date.now();
    for (const { org, session } of operations) {
      const key = `${session} ${reason}`;
      const gap = this.gaps.get(key);
      if (gap) this.gaps.set(key, { ...gap, to: now, lost: gap.lost + 1 });
      else if (this.gaps.size < MAX_GAPS) this.gaps.set(key, { org, session, from: now, to: now, lost: 1, reason });
    }
  }
}
