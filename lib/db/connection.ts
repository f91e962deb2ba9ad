/**
 * One connection of the `postgres` driver, in one life. When it is lost, that driver (3.4.9) may throw where nobody can
 * catch it, never connect again, or run the rest of a dead transaction in the next (its issues 1154, 1189, 1208, 1216).
 * So what was lost here answers nothing any more, and is thrown away.
 */
import postgres from "postgres";

export interface ConnectionOptions extends postgres.Options<Record<string, postgres.PostgresType>> {
  /** Milliseconds after which a transaction from which nothing is heard is lost. Undefined: it is never given up. */
  readonly silenceMs?: number;
}

type Ask = (query: string) => Promise<unknown>;
type Work = (client: postgres.Sql) => Promise<unknown>;

export class Connection {
  /** The driver as far as Drizzle asks it: `begin` is the only way in. */
  readonly client: postgres.Sql;
  private readonly driver: postgres.Sql;
  private readonly silenceMs: number | undefined;
  private lost: Error | undefined;
  private silence: NodeJS.Timeout | undefined;

  /** With `url`, or with what `options` say of the place. It connects when it is asked something. */
  constructor(url: string | undefined, { silenceMs, ...options }: ConnectionOptions) {
    this.silenceMs = silenceMs;
    const all = {
      ...options,
      max: 1,
      max_lifetime: null,
      onnotice: () => undefined,
      onclose: () => this.lose(),
    };
    this.driver = url === undefined ? postgres(all) : postgres(url, all);
    this.client = this.facade(() => undefined);
  }

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  async close(): Promise<void> {
    this.lose();
    await this.driver.end({ timeout: 0 }).catch(() => undefined);
  }

  private lose(why = "The connection to the database was lost."): void {
    if (this.lost) return;
    this.lost = Object.assign(new Error(why), { code: "CONNECTION_LOST" });
    void this.driver.end({ timeout: 0 }).catch(() => undefined);
  }

  /** @throws at once what `refuse` throws, and when the connection is lost. */
  private facade(refuse: () => void): postgres.Sql {
    const unsafe = (...query: Parameters<postgres.Sql["unsafe"]>) => {
      refuse();
      if (this.lost) throw this.lost;
      this.silence?.refresh();
      return this.driver.unsafe(...query);
    };
    const begin = (work: Work) => this.transaction(unsafe, work);
    return { options: this.driver.options, unsafe, begin } as unknown as postgres.Sql;
  }

  private async transaction(ask: Ask, work: Work): Promise<unknown> {
    if (this.silenceMs !== undefined)
      this.silence = setTimeout(() => this.lose("The database does not answer."), this.silenceMs).unref();
    let isOver = false;
    // A step that goes on after another one failed must not run outside of what was rolled back.
    const inside = this.facade(() => {
      if (isOver) throw new Error("This transaction is over.");
    });
    try {
      await ask("begin");
      const result = await work(inside);
      isOver = true;
      await ask("commit");
      return result;
    } catch (error) {
      isOver = true;
      await this.rollBack(ask);
      throw error;
    } finally {
      clearTimeout(this.silence);
    }
  }

  private async rollBack(ask: Ask): Promise<void> {
    try {
      await ask("rollback");
    } catch {
      this.lose();
    }
  }
}
