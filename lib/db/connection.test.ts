import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database } from "./client";
import { type EmbeddedServer, startEmbedded } from "./embedded/server";
import { isUnavailable } from "./errors";

describe("a connection that is lost", { timeout: 60_000 }, () => {
  let embedded: EmbeddedServer;
  let between: Server;
  let db: Database;
  const open = new Set<Socket>();
  const cut = (): void => open.forEach((each) => each.destroy());
  const kept = async (): Promise<number[]> =>
    (await db.system((tx) => tx.execute<{ n: number }>(sql`select n from kept order by n`))).map(({ n }) => n);

  beforeAll(async () => {
    embedded = await startEmbedded({ dataDir: undefined });
    between = createServer((client) => {
      const database = connectSocket(embedded.socket);
      open.add(client);
      client.on("error", () => undefined).on("close", () => open.delete(client) && database.destroy());
      database.on("error", () => undefined).on("close", () => client.destroy());
      client.pipe(database).pipe(client);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => between.once("listening", resolve));
    const { port } = between.address() as AddressInfo;
    db = connect({ target: { url: `postgres://postgres@127.0.0.1:${port}/postgres` }, connections: 2 });
    await db.system((tx) => tx.execute(sql`create table kept (n int)`));
  }, 120_000);
  beforeEach(() => db.system((tx) => tx.execute(sql`delete from kept`)));
  afterAll(async () => {
    await db.close();
    between.close();
    cut();
    await embedded.close();
  });

  it("fails its transaction as one that may be tried again, and the next one gets another", async () => {
    for (let round = 1; round <= 5; round += 1) {
      const failed = await db
        .system(async (tx) => {
          await tx.execute(sql`insert into kept values (-1)`);
          cut();
          await tx.execute(sql`insert into kept values (-2)`);
        })
        .catch((error: unknown) => error);
      expect(isUnavailable(failed)).toBe(true);
      await db.system((tx) => tx.execute(sql`insert into kept values (${round})`));
    }
    expect(await kept()).toEqual([1, 2, 3, 4, 5]);
  });

  it("runs no later step of what was lost, even where the steps before were forgiven", async () => {
    const work = db.system(async (tx) => {
      cut();
      for (const n of [-1, -2, -3]) {
        await tx.execute(sql`insert into kept values (${n})`).catch(() => undefined);
        await setTimeout(50);
      }
      return "done";
    });
    expect(isUnavailable(await work.catch((error: unknown) => error))).toBe(true);
    expect(await kept()).toEqual([]);
  });

  it("answers again after it was lost while nobody used it", async () => {
    await db.ping();
    cut();
    await setTimeout(50);
    await expect(db.ping()).resolves.toBeUndefined();
  });
});

describe("a transaction that failed", { timeout: 60_000 }, () => {
  it("runs none of its steps that go on", async () => {
    const embedded = await startEmbedded({ dataDir: undefined });
    const db = connect({ target: { socket: embedded.socket } });
    await db.system((tx) => tx.execute(sql`create table kept (n int)`));
    let late: Promise<unknown> | undefined;
    const failed = db.system(async (tx) => {
      late = setTimeout(100)
        .then(() => tx.execute(sql`insert into kept values (1)`))
        .catch((error: unknown) => error);
      await tx.execute(sql`select 1 / 0`);
    });
    await expect(failed).rejects.toThrow();
    expect(await late).toBeInstanceOf(Error);
    expect(await db.system((tx) => tx.execute(sql`select n from kept`))).toEqual([]);
    await db.close();
    await embedded.close();
  });
});
