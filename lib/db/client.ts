/**
 * The database behind two doors, both of them transactions: `tenant` sees one organisation, `system` everything. There
 * is no third: the embedded database keeps connections apart only inside of transactions.
 */
import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema/index";

export type Transaction = Parameters<Parameters<PostgresJsDatabase<typeof schema>["transaction"]>[0]>[0];

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

export function postgresClient({ target, connections, schema: name }: ConnectOptions): postgres.Sql {
  const common = {
    onnotice: () => undefined,
    connection: {
      application_name: "antiphon",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      ...(name !== undefined && { search_path: name }),
    },
  };
  if ("url" in target) return postgres(target.url, { ...common, connect_timeout: 10, max: connections ?? 10 });
  // Nobody else can reach the socket, so it asks for no password. A new connection waits for running transactions.
  const local = { path: target.socket, username: "postgres", database: "postgres", connect_timeout: 60 };
  return postgres({ ...common, ...local, max: connections ?? 4 });
}

export function connect(options: ConnectOptions): Database {
  const client = postgresClient(options);
  const orm = drizzle(client, { schema, casing: "snake_case" });
  const path = options.schema;
  // The embedded database knows no settings of a connection, so tests set the path in every transaction.
  const place = path === undefined ? sql`` : sql`, set_config('search_path', ${path}, true)`;
  return {
    tenant: (org, work) =>
      orm.transaction(async (tx) => {
        await tx.execute(
          sql`select set_config('antiphon.org', ${org}, true), set_config('role', 'antiphon_app', true)${place}`,
        );
        return work(tx);
      }),
    system: (work) =>
      orm.transaction(async (tx) => {
        if (path !== undefined) await tx.execute(sql`select set_config('search_path', ${path}, true)`);
        return work(tx);
      }),
    ping: () => orm.transaction(async (tx) => void (await tx.execute(sql`select 1`))),
    close: () => client.end({ timeout: 5 }),
  };
}
