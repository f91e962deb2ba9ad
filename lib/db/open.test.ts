import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { newId } from "../ids";
import { lockDirectory } from "./embedded/lock";
import { DatabaseStartError } from "./errors";
import { migrate, migrationsFolder } from "./migrate";
import { openDatabase } from "./open";
import { organisations } from "./schema/index";
import { describeDatabase, ROOT } from "./testing/database";

const folder = (): string => mkdtempSync(join(tmpdir(), "antiphon-db-"));

describe("the embedded database", () => {
  it("keeps its data, never stops the event loop, and refuses a second server", { timeout: 120_000 }, async () => {
    const dataDir = join(folder(), "database");
    const gaps: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      gaps.push(performance.now() - last);
      last = performance.now();
    }, 5);
    const first = await openDatabase({ url: undefined, dataDir, root: ROOT });
    clearInterval(timer);
    // On the main thread, making the database alone would be one gap of seconds.
    expect(Math.max(...gaps)).toBeLessThan(gaps.reduce((sum, gap) => sum + gap, 0) / 2);
    expect(first.kind).toBe("embedded");
    const id = newId("organisation");
    await first.system((tx) => tx.insert(organisations).values({ id, name: "Kept", slug: id }));
    await expect(openDatabase({ url: undefined, dataDir, root: ROOT })).rejects.toThrow(
      /is in use by another antiphon \(process \d+\): stop that one/,
    );
    await first.close();

    const again = await openDatabase({ url: undefined, dataDir, root: ROOT });
    const rows = await again.system((tx) => tx.select().from(organisations));
    expect(rows).toMatchObject([{ id, name: "Kept" }]);
    await again.close();
  });
});

describe("the lock", () => {
  const owner = (fields: object): string =>
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), token: "t", ...fields });

  it.each([
    ["a process that died", owner({})],
    ["this process number, from before a restart", owner({ pid: process.pid })],
    ["nobody readable", "{"],
  ])("is taken from %s", async (_who, text) => {
    const file = join(folder(), "lock");
    writeFileSync(file, text);
    const lock = await lockDirectory(file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(() => readFileSync(file)).toThrow();
  });

  it.each([
    ["a process that lives", owner({ pid: process.ppid })],
    ["another host that was alive just now", owner({ host: "elsewhere" })],
  ])("is left with %s", async (_who, text) => {
    const file = join(folder(), "lock");
    writeFileSync(file, text);
    await expect(lockDirectory(file)).rejects.toThrow(DatabaseStartError);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("goes to one of many that ask at once", async () => {
    const file = join(folder(), "lock");
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(file)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("a database that cannot be used", () => {
  const open = (url: string) => openDatabase({ url, dataDir: undefined, root: ROOT });

  it("is named without its password, with what to do", async () => {
    await expect(open("postgres://me:hidden@127.0.0.1:1/antiphon")).rejects.toThrow(
      /^DATABASE_URL \(postgres:\/\/127\.0\.0\.1:1\/antiphon\) cannot be used: nothing answers there\.$/,
    );
  });
});

describeDatabase("migrations", (db) => {
  it("are applied once, also by many servers at a time", async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(db(), migrationsFolder(ROOT))));
    expect(applied).toEqual([0, 0, 0]);
  });

  it("leave the data as it was when one fails", async () => {
    const broken = folder();
    cpSync(join(ROOT, "drizzle"), join(broken, "drizzle"), { recursive: true });
    const journalFile = join(broken, "drizzle", "meta", "_journal.json");
    const journal = JSON.parse(readFileSync(journalFile, "utf8")) as { entries: { idx: number; tag: string }[] };
    const idx = journal.entries.length;
    journal.entries.push({ ...journal.entries[0], idx, tag: "9999_broken" });
    writeFileSync(journalFile, JSON.stringify(journal));
    writeFileSync(
      join(broken, "drizzle", "9999_broken.sql"),
      "create table half_made (id text);\n--> statement-breakpoint\ninsert into no_such_table values (1);",
    );
    await expect(migrate(db(), migrationsFolder(broken))).rejects.toThrow(
      new RegExp(`^Migration ${idx} failed, and the database is as it was before: .*no_such_table`),
    );
    const [row] = await db().system((tx) =>
      tx.execute<{ made: string | null }>(sql`select to_regclass('half_made')::text as made`),
    );
    expect(row?.made).toBeNull();
    expect(await migrate(db(), migrationsFolder(ROOT))).toBe(0);
  });

  it("refuse a database of a newer version", async () => {
    await db().system((tx) => tx.execute(sql`insert into antiphon_migrations values (999, 'from the future')`));
    await expect(migrate(db(), migrationsFolder(ROOT))).rejects.toThrow(/newer version of antiphon/);
  });

  it("say where they were looked for", () => {
    expect(() => migrationsFolder("/nowhere")).toThrow(/The migrations are missing: expected them in \/nowhere/);
  });
});
