/** Databases for tests: each caller gets tables of its own, on the embedded database and on PostgreSQL if one answers. */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { type ConnectOptions, connect, type Database } from "../client";
import { migrate, migrationsFolder } from "../migrate";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

const embedded = (): ConnectOptions["target"] => ({ socket: inject("embeddedSocket") });

/** Fresh tables in a schema of their own; `close` drops them. */
export async function testDatabase(target: ConnectOptions["target"] = embedded()): Promise<Database> {
  const schema = `t_${randomBytes(8).toString("hex")}`;
  const db = connect({ target, schema, connections: 3 });
  await db.system((tx) => tx.execute(sql.raw(`create schema ${schema}`)));
  await migrate(db, migrationsFolder(ROOT));
  return {
    ...db,
    close: async () => {
      await db.system((tx) => tx.execute(sql.raw(`drop schema ${schema} cascade`)));
      await db.close();
    },
  };
}

/** Runs the same tests on every kind of database that is there. One set of tables for all of them: seed what you need. */
export function describeDatabase(title: string, tests: (db: () => Database) => void): void {
  const url = inject("postgresUrl");
  const kinds = [
    { kind: "embedded", target: embedded() },
    { kind: "PostgreSQL", target: url === null ? undefined : { url } },
  ];
  for (const { kind, target } of kinds) {
    describe.skipIf(target === undefined)(`${title} (${kind}${target ? "" : ": none answers"})`, () => {
      let db: Database | undefined;
      beforeAll(async () => {
        db = await testDatabase(target);
      }, 120_000);
      afterAll(() => db?.close());
      tests(() => {
        if (db === undefined) throw new Error("The database is there only while tests run.");
        return db;
      });
    });
  }
}
