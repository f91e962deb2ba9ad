import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Role } from "../../lib/auth/roles";
import { realtimeSessions, recordings } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { newId } from "../../lib/ids";
import type { ServiceContext } from "../../lib/services/context";
import { removeSession } from "../../lib/services/sessions/remove";
import { seedMember, seedServices, unique } from "../../lib/services/testing/seed";
import { type AudioStore, createAudioStore } from "../observers/audio/store";
import { openTestBucket } from "../observers/audio/testing/bucket";
import { encodeWav } from "../realtime/audio/wav";
import { serveFetch } from "./fetch";
import { type Asking, createRecordingsHandler } from "./recordings";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const wav = encodeWav({ samples: Int16Array.from({ length: 4_000 }, (_, i) => i % 256), sampleRate: 8_000 });

async function keep(ctx: ServiceContext, store: AudioStore, side: "input" | "output" = "input") {
  const session = `sess_${unique()}`;
  const path = join(await store.folderOf(ctx.org), `${session}-${side}.wav`);
  writeFileSync(path, wav);
  const kept = await store.keep({ org: ctx.org, path });
  const now = new Date();
  const at = { startedAt: now, endedAt: now, seenAt: now };
  const facts = { model: "antiphon", transport: "websocket", status: "ended" as const, hasAudio: true };
  await ctx.db.tenant(ctx.org, async (tx) => {
    await tx.insert(realtimeSessions).values({ id: session, orgId: ctx.org, ...facts, ...at });
    const of = { id: newId("recording"), orgId: ctx.org, sessionId: session, side };
    const what = { format: "audio/wav", sampleRate: 8_000, bytes: wav.length, durationMs: 500 };
    await tx.insert(recordings).values({ ...of, ...what, ...kept });
  });
  return { session, path };
}

/** A real server; `as` says who asks. */
async function serve(audio: Pick<AudioStore, "read">) {
  const state: { as: Asking } = { as: "nobody" };
  const errors: unknown[] = [];
  const log = { error: (...error: unknown[]) => void errors.push(error) };
  const handler = createRecordingsHandler({ audio, asking: async () => state.as, log });
  const server = createServer((req, res) => {
    serveFetch(req, res, handler).catch(() => res.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/recordings`;
  const ask = (as: Asking, path: string, init: RequestInit = {}) => {
    state.as = as;
    return fetch(`${base}/${path}`, init);
  };
  return { ask, errors };
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const folder = (): string => mkdtempSync(join(tmpdir(), "antiphon-recordings-"));

describeDatabase("the route of recordings", (db) => {
  const member = (role: Role = "owner", org?: string) =>
    seedMember(seedServices(db()), { role, ...(org !== undefined && { org }) });

  const opened = async () => {
    const ctx = await member();
    const store = createAudioStore({ folder: folder(), s3: undefined });
    return { ctx, store, ...(await keep(ctx, store)), ...(await serve(store)) };
  };

  it("gives the whole, typed, named, and for nobody's cache", async () => {
    const { ctx, session, ask } = await opened();
    const answer = await ask(ctx, `${session}/input`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "audio/wav",
      "content-length": String(wav.length),
      "content-disposition": `inline; filename="${session}-user.wav"`,
      "accept-ranges": "bytes",
      "cache-control": "private, no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    expect(wav.equals(await bytesOf(answer))).toBe(true);
  });

  it.each([
    ["bytes=0-3", 0, 3],
    ["bytes=44-", 44, wav.length - 1],
    ["bytes=-4", wav.length - 4, wav.length - 1],
    ["bytes=100-99999999", 100, wav.length - 1],
  ])("gives the part %s", async (range, start, end) => {
    const { ctx, session, ask } = await opened();
    const answer = await ask(ctx, `${session}/input`, { headers: { range } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(`bytes ${start}-${end}/${wav.length}`);
    expect(answer.headers.get("content-length")).toBe(String(end - start + 1));
    expect(wav.subarray(start, end + 1).equals(await bytesOf(answer))).toBe(true);
  });

  it("refuses a part that lies behind the end, and gives the whole for what is no part", async () => {
    const { ctx, session, ask } = await opened();
    const behind = await ask(ctx, `${session}/input`, { headers: { range: `bytes=${wav.length}-` } });
    expect([behind.status, behind.headers.get("content-range")]).toEqual([416, `bytes */${wav.length}`]);
    for (const range of ["bytes=x-y", "seconds=1-2", "bytes=0-1,100-101"]) {
      const answer = await ask(ctx, `${session}/input`, { headers: { range } });
      expect([range, answer.status, (await bytesOf(answer)).length]).toEqual([range, 200, wav.length]);
    }
  });

  it("goes on with a part only of what was begun", async () => {
    const { ctx, session, ask } = await opened();
    const etag = (await ask(ctx, `${session}/input`, { method: "HEAD" })).headers.get("etag") ?? "";
    for (const [condition, status] of [
      [etag, 206],
      [`"other"`, 200],
    ] as const) {
      const answer = await ask(ctx, `${session}/input`, { headers: { range: "bytes=0-3", "if-range": condition } });
      expect(answer.status).toBe(status);
      await bytesOf(answer);
    }
  });

  it("answers HEAD with the facts alone, and no other method", async () => {
    const { ctx, session, ask } = await opened();
    const head = await ask(ctx, `${session}/input`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), (await bytesOf(head)).length]).toEqual([
      200,
      String(wav.length),
      0,
    ]);
    const posted = await ask(ctx, `${session}/input`, { method: "POST", body: "x" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("is for every role that may see sessions, and for nobody without a login or an organisation", async () => {
    const { ctx, session, ask } = await opened();
    expect((await ask(await member("viewer", ctx.org), `${session}/input`)).status).toBe(200);
    expect((await ask({ ...ctx, scopes: new Set() }, `${session}/input`)).status).toBe(403);
    expect((await ask("nobody", `${session}/input`)).status).toBe(401);
    expect((await ask("no-member", `${session}/input`)).status).toBe(403);
  });

  it("says the same of what another organisation has as of what nobody has", async () => {
    const { session, ask } = await opened();
    const stranger = await member();
    const range = { headers: { range: "bytes=99999999-" } };
    const seen = async (path: string, init: RequestInit = {}) => {
      const { status, headers, ...answer } = await ask(stranger, path, init).then(async (response) => ({
        status: response.status,
        headers: Object.fromEntries([...response.headers].filter(([name]) => name !== "date")),
        body: await response.text(),
      }));
      return { status, headers, ...answer };
    };
    const nowhere = await seen("sess_none/input");
    expect(nowhere).toMatchObject({ status: 404, body: expect.stringContaining("There is no such recording.") });
    for (const path of [
      `${session}/input`,
      `${session}/output`,
      `${session}/both`,
      `${session}/input/x`,
      "a%00b/input",
    ])
      expect(await seen(path)).toEqual(nowhere);
    expect(await seen(`${session}/input`, range)).toEqual(nowhere);
    expect((await ask(stranger, "%ff/input")).status).toBe(404);
  });

  it("is not there when the file is gone or torn, or the session deleted", async () => {
    const { ctx, session, path, ask, errors } = await opened();
    writeFileSync(path, wav.subarray(0, 100));
    expect((await ask(ctx, `${session}/input`)).status).toBe(404);
    expect(String(errors)).toContain("has 100 bytes");
    rmSync(path);
    expect((await ask(ctx, `${session}/input`)).status).toBe(404);
    await removeSession({ ctx, input: { id: session } });
    expect((await ask(ctx, `${session}/input`)).status).toBe(404);
  });

  it("reads from a bucket, whole and in parts", async () => {
    const bucket = await openTestBucket();
    closers.push(bucket.close);
    const ctx = await member();
    const store = createAudioStore({ folder: folder(), s3: bucket.s3 });
    const { session } = await keep(ctx, store, "output");
    const { ask } = await serve(store);
    const whole = await ask(ctx, `${session}/output`);
    expect([whole.status, wav.equals(await bytesOf(whole))]).toEqual([200, true]);
    const part = await ask(ctx, `${session}/output`, { headers: { range: "bytes=8-11" } });
    expect([part.status, await part.text()]).toEqual([206, "WAVE"]);
    bucket.objects.clear();
    expect((await ask(ctx, `${session}/output`)).status).toBe(404);
  });

  it("streams: reads no further than the client, and stops when the client leaves", async () => {
    const ctx = await member();
    const { session } = await keep(ctx, createAudioStore({ folder: folder(), s3: undefined }));
    const chunk = new Uint8Array(64 * 1024);
    const bytes = chunk.length * 10_000;
    await ctx.db.tenant(ctx.org, (tx) => tx.update(recordings).set({ bytes }));
    let pulled = 0;
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (gone = resolve));
    const { ask } = await serve({
      read: async () => ({
        bytes,
        stream: new ReadableStream({
          pull: (controller) => {
            pulled += 1;
            controller.enqueue(chunk);
          },
          cancel: () => gone(),
        }),
      }),
    });
    const leaving = new AbortController();
    const answer = await ask(ctx, `${session}/input`, { signal: leaving.signal });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    leaving.abort();
    await left;
    expect(pulled).toBeLessThan(5_000);
  });
});
