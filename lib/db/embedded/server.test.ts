import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import postgres from "postgres";
import { connect, type Database } from "../client";
import { isUnavailable } from "../errors";
import { createOnce } from "./create";
import { type EmbeddedServer, startEmbedded } from "./server";

const folder = (): string => mkdtempSync(join(tmpdir(), "antiphon-embedded-"));

/** How a client of PostgreSQL begins: length, version 3.0, names and values that end with a zero. */
function greeting(settings: Record<string, string>): Buffer {
  const body = Buffer.from(`\0\x03\0\0${Object.entries(settings).flat().join("\0")}\0\0`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

describe("an embedded database that fails", { timeout: 120_000 }, () => {
  const faults: string[] = [];
  let recovered = 0;
  let server: EmbeddedServer;
  let db: Database;

  beforeAll(async () => {
    server = await startEmbedded({
      dataDir: join(folder(), "database"),
      idleMs: 2_000,
      busyMs: 4_000,
      onFault: ({ message }) => void faults.push(message),
      onRecovered: () => (recovered += 1),
    });
    db = connect({ target: { socket: server.socket } });
    await db.system((tx) => tx.execute(sql`create table kept (n int)`));
  }, 120_000);
  afterAll(async () => {
    await db.close();
    await server.close();
  });

  const recovers = async (n: number): Promise<void> => {
    // Those who ask meanwhile are told that it is away, and ask again.
    await vi.waitFor(() => db.ping(), { timeout: 60_000, interval: 200 });
    await db.system((tx) => tx.execute(sql`insert into kept values (${n})`));
    const rows = await db.system((tx) => tx.execute<{ n: number }>(sql`select n from kept order by n`));
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: n }, (_, index) => index + 1));
    expect(recovered).toBe(n);
    expect(faults).toHaveLength(n);
  };

  it("comes back after a protocol call that throws, which its socket server does not survive", async () => {
    const socket = connectSocket(server.socket).on("error", () => undefined);
    // A greeting of the right version that ends too soon.
    socket.write(Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]));
    await vi.waitFor(() => expect(recovered).toBe(1), { timeout: 60_000 });
    await recovers(1);
    expect(faults[0]).toContain("exit(1)");
  });

  it("comes back after a trap, and tells nobody that what it ran had worked", async () => {
    const deep = `insert into kept select ${Array(60_000).fill("1").join("+")}`;
    const asked = await db.system((tx) => tx.execute(sql.raw(deep))).catch((error: unknown) => error);
    expect(isUnavailable(asked)).toBe(true);
    await vi.waitFor(() => expect(recovered).toBe(2), { timeout: 60_000 });
    await recovers(2);
    expect(faults[1]).toContain("Maximum call stack size exceeded");
  });

  it("comes back after a message that makes no sense, over which it would stumble for ever", async () => {
    const socket = connectSocket(server.socket).on("error", () => undefined);
    socket.write(greeting({ user: "postgres", database: "postgres" }));
    await new Promise((resolve) => socket.on("data", (said) => said.includes("Z\0\0\0\x05I") && resolve(undefined)));
    socket.write(Buffer.from([0x7a, 0, 0, 0, 5, 1]));
    await vi.waitFor(() => expect(recovered).toBe(3), { timeout: 60_000 });
    await recovers(3);
  });

  it("comes back when a client leaves a transaction open and others wait", async () => {
    const idle = postgres({ path: server.socket, username: "postgres", database: "postgres", max: 1 });
    await idle.unsafe("begin");
    expect(isUnavailable(await db.ping().catch((error: unknown) => error))).toBe(true);
    await vi.waitFor(() => expect(recovered).toBe(4), { timeout: 60_000 });
    await recovers(4);
    expect(faults[3]).toBe("A transaction was left open while others waited.");
    await idle.end({ timeout: 0 });
  });

  it("comes back when a call never ends", async () => {
    const endless = db.system((tx) => tx.execute(sql.raw("do $$ begin loop end loop; end $$")));
    expect(isUnavailable(await endless.catch((error: unknown) => error))).toBe(true);
    await vi.waitFor(() => expect(recovered).toBe(5), { timeout: 60_000 });
    await recovers(5);
    expect(faults[4]).toBe("A call took more than 4 seconds.");
  });
});

describe("making the embedded database", () => {
  it("leaves nothing behind that looks like one when it fails", async () => {
    const place = folder();
    writeFileSync(join(place, "file"), "");
    await expect(createOnce(join(place, "file", "pg"))).rejects.toThrow();
    expect(readdirSync(place)).toEqual(["file"]);
  });
});
