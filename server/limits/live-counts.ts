/** The sessions alive in this process, by whom they belong to. */
import type { Subject } from "./subjects";

export class LiveCounts {
  private readonly counts = new Map<string, number>();

  of(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  /** Returns what ends it, once. */
  begin(subjects: readonly Subject[]): () => void {
    const ids = subjects.map(({ id }) => id);
    for (const id of ids) this.counts.set(id, this.of(id) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      for (const id of ids) {
        if (this.of(id) > 1) this.counts.set(id, this.of(id) - 1);
        else this.counts.delete(id);
      }
    };
  }
}
