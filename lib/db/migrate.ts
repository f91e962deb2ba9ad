/** Brings the tables up to date: all of it in one transaction, one server at a time. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Database, Transaction } from "./client";
import { DatabaseStartError } from "./errors";

/** Any number that nobody else locks. */
const LOCK = 7_204_118_305;

/** Where `drizzle-kit generate` puts them: beside the sources, and beside what they are built to. */
export function migrationsFolder(root: string): string {
  const folder = join(root, "drizzle");
  if (!existsSync(join(folder, "meta", "_journal.json")))
    throw new DatabaseStartError(`The migrations are missing: expected them in ${folder}.`);
  return folder;
}

/** Applies what is new, and returns how many. What fails leaves the database as it was. @throws DatabaseStartError */
export async function migrate(db: Database, folder: string): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  return db.system(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
    await tx.execute(
      sql`create table if not exists antiphon_migrations (
        position integer primary key, hash text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await tx.execute<{ position: number; hash: string }>(
      sql`select position, hash from antiphon_migrations order by position`,
    );
    const unknown = applied.find(({ position, hash }) => migrations[position]?.hash !== hash);
    if (unknown)
      throw new DatabaseStartError(
        applied.length > migrations.length
          ? "The database was made by a newer version of antiphon: update this one, or use another database."
          : `Migration ${unknown.position} in the database is not the one that came with this version of antiphon.`,
      );
    for (const [position, { sql: statements, hash }] of [...migrations.entries()].slice(applied.length)) {
      await apply(tx, statements, position);
      await tx.execute(sql`insert into antiphon_migrations (position, hash) values (${position}, ${hash})`);
    }
    return migrations.length - applied.length;
  });
}

async function apply(tx: Transaction, statements: readonly string[], position: number): Promise<void> {
  for (const statement of statements) {
    try {
      // The generator names the usual schema in references; ours is wherever the search path says.
      await tx.execute(sql.raw(statement.replaceAll('"public".', "")));
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DatabaseStartError(`Migration ${position} failed, and the database is as it was before: ${why}`, {
        cause: error,
      });
    }
  }
}
