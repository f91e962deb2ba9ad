/** What is used outside of responses: room is asked for before, and it is told after. */
import type { ResponseUsage } from "../protocol/responses";
import type { SessionUsage } from "../usage-gate";

/** It took so much, whatever was reserved; undefined: nothing. */
export type Settle = (used?: ResponseUsage) => void;

export class Meter {
  constructor(
    private readonly usage: SessionUsage,
    private readonly tell: (used: ResponseUsage) => void,
  ) {}

  /** Rejects with a `ProtocolError` when there is no room. */
  async reserve(tokens: number): Promise<Settle> {
    const lease = await this.usage.reserve(tokens);
    return (used) => {
      lease.settle(used?.total_tokens ?? 0);
      if (used !== undefined) this.add(used);
    };
  }

  /** Used without a reservation. */
  add(used: ResponseUsage): void {
    if (used.total_tokens > 0) this.tell(used);
  }
}
