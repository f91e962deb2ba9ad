/**
 * The database behind two doors, both of them transactions: `tenant` sees one organisation, `system` everything. There
 * is no third: the embedded database keeps connections apart only inside of transactions.
 */
import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { Pool, TimeoutError } from "tarn";
import { Connection, type ConnectionOptions } from "./connection";
import * as schema from "./schema/index";

type Orm = PostgresJsDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Orm["transaction"]>[0]>[0];

export interface Database {
  /** Runs `work` as the tenant's role: rows of other organisations are not there, whatever it asks for. */
  tenant<T>(org: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs `work` with the rights of the owner: for logins, keys and jobs, which come before or stand above a tenant. */
  system<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** A `postgres:` URL, or the socket of the embedded database. */
  readonly target: { readonly url: string } | { readonly socket: string };
  /** Connections at most. Default: 10, and 4 to the embedded database, which does one thing at a time. */
  readonly connections?: number;
  /** Where the tables are, if not in the usual place: for tests. */
  readonly schema?: string;
}

/** A statement that takes longer is ended: nothing here should take a tenth of it. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** What answers nothing at all for so long is gone, whatever the network says. */
const SILENCE_MS = 90_000;
const IDLE_MS = 60_000;
const CLOSE_MS = 5_000;

const REMOTE: ConnectionOptions = {
  connection: {
    application_name: "antiphon",
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A server that vanished in the middle of a transaction must not keep its locks.
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
  },
  keep_alive: 30,
  silenceMs: SILENCE_MS,
};

/** What it takes to connect, how many at once, and for how many seconds somebody waits for that. */
interface Target {
  readonly url?: string;
  readonly options: ConnectionOptions;
  readonly connections: number;
  readonly seconds: number;
}

function targetOf(target: ConnectOptions["target"]): Target {
  if ("url" in target) return { url: target.url, options: REMOTE, connections: 10, seconds: 10 };
  // Nobody else can reach the socket, so it asks for no password. A new connection waits for running transactions.
  const options = { path: target.socket, username: "postgres", database: "postgres" };
  return { options, connections: 4, seconds: 60 };
}

interface Place {
  readonly connection: Connection;
  readonly orm: Orm;
}

function connectionPool({ target, connections }: Omit<ConnectOptions, "schema">): Pool<Place> {
  const { url, options, connections: usual, seconds } = targetOf(target);
  return new Pool<Place>({
    create: () => {
      // The driver would ask for the types of arrays by itself, outside of a transaction: among others' statements on the
      // embedded database, and with a failure that nobody can catch. Drizzle reads and writes arrays without.
      const connection = new Connection(url, { ...options, fetch_types: false, connect_timeout: seconds });
      return { connection, orm: drizzle(connection.client, { schema, casing: "snake_case" }) };
    },
    validate: ({ connection }) => !connection.isLost,
    destroy: ({ connection }) => connection.close(),
    min: 0,
    max: connections ?? usual,
    acquireTimeoutMillis: seconds * 1_000,
    idleTimeoutMillis: IDLE_MS,
  });
}

async function take(pool: Pool<Place>): Promise<Place> {
  try {
    return await pool.acquire().promise;
  } catch (cause) {
    if (!(cause instanceof TimeoutError)) throw cause;
    throw Object.assign(new Error("All connections to the database are in use.", { cause }), {
      code: "CONNECTION_BUSY",
    });
  }
}

export function connect({ schema: path, ...options }: ConnectOptions): Database {
  const pool = connectionPool(options);
  // The embedded database knows no settings of a connection, so tests set the path in every transaction.
  const place = path === undefined ? sql`` : sql`, set_config('search_path', ${path}, true)`;
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const taken = await take(pool);
    try {
      return await taken.orm.transaction(work);
    } finally {
      pool.release(taken);
    }
  };
  return {
    tenant: (org, work) =>
      transaction(async (tx) => {
        await tx.execute(
          sql`select set_config('antiphon.org', ${org}, true), set_config('role', 'antiphon_app', true)${place}`,
        );
        return work(tx);
      }),
    system: (work) =>
      transaction(async (tx) => {
        if (path !== undefined) await tx.execute(sql`select set_config('search_path', ${path}, true)`);
        return work(tx);
      }),
    ping: () => transaction(async (tx) => void (await tx.execute(sql`select 1`))),
    // What still runs gets a moment to end.
    close: async () => void (await Promise.race([pool.destroy(), setTimeout(CLOSE_MS, undefined, { ref: false })])),
  };
}
