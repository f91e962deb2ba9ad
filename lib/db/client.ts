/**
 * The database behind two doors, both of them transactions: `tenant` sees one organisation, `system` everything. There
 * is no third: the embedded database keeps connections apart only inside of transactions.
 */
import { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { isUnavailable } from "./errors";
import * as schema from "./schema/index";

type Orm = NodePgDatabase<typeof schema>;
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
const QUERY_TIMEOUT_MS = 90_000;
const CLOSE_MS = 5_000;

export function connectionPool({ target, connections }: Omit<ConnectOptions, "schema">): pg.Pool {
  const pool = new pg.Pool({
    application_name: "antiphon",
    ...("url" in target ? remote(target.url) : local(target)),
    ...(connections !== undefined && { max: connections }),
  });
  // Whoever waits for an answer is told by that; the pool takes no connection again that failed.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

function remote(url: string): pg.PoolConfig {
  return {
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A server that vanished in the middle of a transaction must not keep its locks.
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  };
}

/** Nobody else can reach the socket, so it asks for no password. A new connection waits for running transactions. */
function local({ socket }: { readonly socket: string }): pg.PoolConfig {
  const stream = (): Socket => {
    const made = new Socket();
    const connectTo = made.connect.bind(made);
    return Object.assign(made, { connect: () => connectTo(socket) });
  };
  return { stream, user: "postgres", database: "postgres", ssl: false, max: 4, connectionTimeoutMillis: 60_000 };
}

export function connect({ schema: path, ...options }: ConnectOptions): Database {
  const pool = connectionPool(options);
  const orms = new WeakMap<pg.PoolClient, Orm>();
  // The embedded database knows no settings of a connection, so tests set the path in every transaction.
  const place = path === undefined ? sql`` : sql`, set_config('search_path', ${path}, true)`;
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    const orm = orms.get(client) ?? drizzle(client, { schema, casing: "snake_case" });
    orms.set(client, orm);
    let lost = false;
    try {
      return await orm.transaction(work);
    } catch (error) {
      lost = isUnavailable(error);
      throw error;
    } finally {
      client.release(lost);
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
    close: () => Promise.race([pool.end(), setTimeout(CLOSE_MS, undefined, { ref: false })]),
  };
}
