import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { connect } from "../client";
import { startEmbedded } from "./server";

it("is asked for nothing outside of transactions, by however many connections that open at once", async () => {
  const { socket, close } = await startEmbedded({ dataDir: undefined, maxConnections: 20 });
  const asked: unknown[] = [];
  for (let round = 0; round < 20; round += 1) {
    const all = Array.from({ length: 4 }, () => connect({ target: { socket }, connections: 4 }));
    const each = all.flatMap((db) =>
      [1, 2, 3, 4].map((n) => db.system((tx) => tx.execute(sql`select ${n}::int as n`))),
    );
    asked.push(...(await Promise.allSettled(each)).filter(({ status }) => status === "rejected"));
    await Promise.all(all.map((db) => db.close()));
  }
  expect(asked).toEqual([]);
  await close();
}, 120_000);
