import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { realtimeSessions } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { createLogger } from "../../lib/logger";
import type { ServiceContext } from "../../lib/services/context";
import { getSession } from "../../lib/services/sessions/get";
import { findRecording } from "../../lib/services/sessions/recording";
import { removeSession } from "../../lib/services/sessions/remove";
import { recordingDefaults } from "../../lib/services/settings/fields";
import { setRecording } from "../../lib/services/settings/set-recording";
import { seedMember, seedServices, unique } from "../../lib/services/testing/seed";
import { memberContext } from "../../lib/services/users/member-context";
import { audioFolder, type AudioStore, createAudioStore } from "../observers/audio/store";
import { openTestBucket, type TestBucket } from "../observers/audio/testing/bucket";
import { wavHeader } from "../observers/audio/wav-file";
import { createRecorder } from "../observers/recorder";
import { decodeWav } from "../realtime/audio/wav";
import type { SessionInfo } from "../realtime/observers/types";
import { removeAudio } from "./audio-removal";
import { rescueAudio } from "./audio-rescue";
import type { Recording } from "./testing/recording-server";
import { closeAll, dataFolder, freshDatabase, open, start } from "./testing/servers";

const children: ChildProcess[] = [];
const buckets: TestBucket[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const bucket of buckets.splice(0)) bucket.close();
  await closeAll();
});

const PATIENT = { timeout: 30_000, interval: 100 };
const RATE = 24_000;
const ENDED_AT = new Date(Date.now() - 20 * 60_000);
const QUIET = { touchAudio: async () => undefined, flush: async () => undefined, backlog: 0 };

/** A second of sound, after the header that a file has until it is complete. */
const torn = (): Buffer => Buffer.concat([wavHeader(RATE, 0), Buffer.alloc(RATE * 2, 0x10), Buffer.from([1])]);

/** What a process left that was killed in a call, some minutes ago. */
function lay(folder: string, { org, session, minutes = 10 }: { org: string; session: string; minutes?: number }) {
  const input = join(folder, org, `${session}-input.wav`);
  const marker = join(folder, "unfinished", `${org}.${session}`);
  for (const each of [join(folder, org), join(folder, "unfinished")]) mkdirSync(each, { recursive: true });
  writeFileSync(input, torn());
  writeFileSync(marker, "");
  const then = new Date(Date.now() - minutes * 60_000);
  utimesSync(marker, then, then);
  return { input, marker };
}

async function seedSession({ db, org }: Pick<ServiceContext, "db" | "org">, status: "live" | "ended") {
  const id = `sess_${unique()}`;
  const times = { startedAt: ENDED_AT, seenAt: ENDED_AT, endedAt: status === "live" ? null : ENDED_AT };
  await db.tenant(org, (tx) =>
    tx.insert(realtimeSessions).values({ id, orgId: org, model: "antiphon", transport: "memory", status, ...times }),
  );
  return id;
}

interface Spoken {
  readonly folder: string;
  readonly audio: AudioStore;
  readonly maxWaiting?: number;
}

describeDatabase("audio that was left behind", (db) => {
  const member = () => seedMember(seedServices(db()));
  const stores = () => {
    const folder = audioFolder(dataFolder());
    return { folder, audio: createAudioStore({ folder, s3: undefined }) };
  };
  const withBucket = async () => {
    const bucket = await openTestBucket();
    buckets.push(bucket);
    const folder = audioFolder(dataFolder());
    return { folder, audio: createAudioStore({ folder, s3: bucket.s3 }), bucket };
  };

  it("becomes its session's, as far as it was written, once that has ended", async () => {
    const ctx = await member();
    const { folder, audio } = stores();
    const session = await seedSession(ctx, "live");
    const { input, marker } = lay(folder, { org: ctx.org, session });
    const rescue = () => rescueAudio({ db: db(), audio, recorder: QUIET });
    await rescue();
    expect(readFileSync(input).equals(torn())).toBe(true);
    await db().tenant(ctx.org, (tx) =>
      tx.update(realtimeSessions).set({ status: "ended", endedAt: ENDED_AT }).where(eq(realtimeSessions.id, session)),
    );
    await Promise.all([rescue(), rescue()]);
    const { hasAudio, recordings } = await getSession({ ctx, input: { id: session } });
    expect(hasAudio).toBe(true);
    expect(recordings).toMatchObject([
      { side: "input", sampleRate: RATE, durationMs: 1_000, bytes: 44 + RATE * 2, createdAt: ENDED_AT },
    ]);
    expect(recordings[0]?.peaks).toHaveLength(50);
    const found = await findRecording({ ctx, input: { sessionId: session, side: "input" } });
    const read = await audio.read(found);
    expect(read?.bytes).toBe(found.bytes);
    const whole = Buffer.from(await new Response(read?.stream).arrayBuffer());
    expect(decodeWav(whole).samples).toHaveLength(RATE);
    expect(existsSync(marker)).toBe(false);
    // It is deleted as every other one.
    await removeSession({ ctx, input: { id: session } });
    await removeAudio(db(), audio);
    expect(existsSync(input)).toBe(false);
  });

  it("goes where there is no such session any more, and stays where it may be another database's", async () => {
    const ctx = await member();
    const { folder, audio } = stores();
    const gone = lay(folder, { org: ctx.org, session: `sess_${unique()}` });
    const foreign = lay(folder, { org: `org_${unique()}`, session: `sess_${unique()}` });
    const stranger = await member();
    const theirs = lay(folder, { org: ctx.org, session: await seedSession(stranger, "ended") });
    await rescueAudio({ db: db(), audio, recorder: QUIET });
    expect([gone.input, gone.marker].map(existsSync)).toEqual([false, false]);
    expect([foreign.input, foreign.marker, theirs.input, theirs.marker].map(existsSync)).toEqual(
      Array.from({ length: 4 }, () => true),
    );
  });

  it("is left alone while a process gives signs of life, or has something of it still to write", async () => {
    const ctx = await member();
    const { folder, audio } = stores();
    const held = lay(folder, { org: ctx.org, session: await seedSession(ctx, "ended"), minutes: 2 });
    await rescueAudio({ db: db(), audio, recorder: QUIET });
    const spooled = lay(folder, { org: ctx.org, session: `sess_${unique()}` });
    await rescueAudio({ db: db(), audio, recorder: { ...QUIET, backlog: 1 } });
    for (const { input, marker } of [held, spooled]) {
      expect(readFileSync(input).equals(torn())).toBe(true);
      expect(existsSync(marker)).toBe(true);
    }
  });

  it("goes to the bucket that was away when its call ended, and from the disk then", async () => {
    const ctx = await member();
    const { folder, audio, bucket } = await withBucket();
    const session = await seedSession(ctx, "ended");
    const { input, marker } = lay(folder, { org: ctx.org, session });
    const away = { ...audio, keep: () => Promise.reject(new Error("The bucket is away.")) };
    await expect(rescueAudio({ db: db(), audio: away, recorder: QUIET })).rejects.toThrow("could not be taken up: 1.");
    expect([input, marker].map(existsSync)).toEqual([true, true]);
    await rescueAudio({ db: db(), audio, recorder: QUIET });
    expect([input, marker].map(existsSync)).toEqual([false, false]);
    const [object] = bucket.objects.values();
    expect(decodeWav(object ?? Buffer.alloc(0)).samples).toHaveLength(RATE);
    expect((await getSession({ ctx, input: { id: session } })).recordings).toHaveLength(1);
  });

  it("leaves the bucket too when its session was deleted before it was written down", async () => {
    const ctx = await member();
    const { folder, audio, bucket } = await withBucket();
    const session = `sess_${unique()}`;
    const { input } = lay(folder, { org: ctx.org, session });
    await audio.keep({ org: ctx.org, path: input });
    expect(bucket.objects.size).toBe(1);
    await rescueAudio({ db: db(), audio, recorder: QUIET });
    expect([bucket.objects.size, existsSync(input)]).toEqual([0, false]);
  });

  /** A recorder, and a call in which half a second was heard. */
  const speak = async (ctx: ServiceContext, { folder, audio, ...rest }: Spoken) => {
    const log = createLogger({ level: "silent" });
    const options = { db: db(), log, spoolFolder: dataFolder(), everyMs: 1e9, audio, ...rest };
    const recorder = await createRecorder(options);
    const sessionId = `sess_${unique()}`;
    const info = { sessionId, tenant: ctx.org, startedAt: Date.now(), conversationId: `conv_${unique()}` };
    const known = { model: "antiphon", transport: "memory", kind: "realtime", ...info } as SessionInfo;
    recorder.observe(known, { type: "started", at: 0 } as never);
    const sound = { audio: Buffer.alloc(RATE, 0x10), format: "audio/pcm", sampleRate: RATE } as const;
    recorder.observe(known, { type: "input-audio", at: 500, ...sound });
    const marker = join(folder, "unfinished", `${ctx.org}.${sessionId}`);
    await vi.waitFor(() => expect(existsSync(marker)).toBe(true), PATIENT);
    return { recorder, known, sessionId, marker };
  };

  it("is found too where the rows were lost on their way to the database, by the process that lost them", async () => {
    const ctx = await member();
    await setRecording({ ctx, input: { ...recordingDefaults, recordAudio: true } });
    const { folder, audio } = stores();
    // Room for how it begins, and for nothing after.
    const { recorder, known, sessionId, marker } = await speak(ctx, { folder, audio, maxWaiting: 3 });
    recorder.observe(known, { type: "ended", at: 1_000, code: 1000, reason: "" });
    await vi.waitFor(async () => {
      utimesSync(marker, ENDED_AT, ENDED_AT);
      await recorder.flush();
      await recorder.touchAudio();
      expect(statSync(marker).mtimeMs).toBeLessThan(Date.now() - 60_000);
    }, PATIENT);
    await db().tenant(ctx.org, (tx) =>
      tx.update(realtimeSessions).set({ status: "ended", endedAt: ENDED_AT }).where(eq(realtimeSessions.id, sessionId)),
    );
    await rescueAudio({ db: db(), audio, recorder });
    expect((await getSession({ ctx, input: { id: sessionId } })).recordings).toMatchObject([{ durationMs: 500 }]);
    await recorder.close();
  });

  it("does not count a call that runs here, nor one that ended well", async () => {
    const ctx = await member();
    await setRecording({ ctx, input: { ...recordingDefaults, recordAudio: true } });
    const { folder, audio, bucket } = await withBucket();
    const { recorder, known, sessionId, marker } = await speak(ctx, { folder, audio });
    utimesSync(marker, ENDED_AT, ENDED_AT);
    await rescueAudio({ db: db(), audio, recorder });
    expect(statSync(marker).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
    recorder.observe(known, { type: "ended", at: 1_000, code: 1000, reason: "" });
    await recorder.close();
    expect(readdirSync(join(folder, "unfinished"))).toEqual([]);
    expect(readdirSync(join(folder, ctx.org))).toEqual([]);
    expect(bucket.objects.size).toBe(1);
    expect((await getSession({ ctx, input: { id: sessionId } })).recordings).toMatchObject([{ durationMs: 500 }]);
  });
});

const SERVER = fileURLToPath(new URL("./testing/recording-server.ts", import.meta.url));
const DATABASES = [
  { kind: "embedded", url: undefined },
  { kind: "PostgreSQL", url: inject("postgresUrl") ?? undefined },
];

for (const { kind, url } of DATABASES) {
  const skip = kind === "PostgreSQL" && url === undefined;
  describe.skipIf(skip)(`a server that is killed in a call (${kind}${skip ? ": none answers" : ""})`, () => {
    it("finds at its next start what was recorded until then", { timeout: 360_000 }, async () => {
      const dataDir = dataFolder();
      const source = { DATA_DIR: dataDir, ...(url !== undefined && { DATABASE_URL: await freshDatabase(url) }) };
      const child = fork(SERVER, [], { execArgv: ["--import", "tsx"], env: { ...process.env, ...source } });
      children.push(child);
      const [{ base, key, userId }] = (await once(child, "message")) as [Recording];
      const ws = await open(base, key);
      const audio = Buffer.alloc(RATE * 2 * 5, 0x10).toString("base64");
      ws.send(JSON.stringify({ type: "input_audio_buffer.append", audio }));
      const folder = audioFolder(dataDir);
      const file = (): string => readdirSync(folder, { recursive: true }).map(String).find(isInput) ?? "";
      const isInput = (name: string): boolean => name.endsWith(`${ws.sessionId}-input.wav`);
      // Most of it, while the rest waits for more.
      await vi.waitFor(() => expect(statSync(join(folder, file())).size).toBeGreaterThan(RATE * 2 * 3), {
        timeout: 30_000,
      });
      child.send(ws.sessionId);
      expect((await once(child, "message"))[0]).toBe("written");
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;

      const then = new Date(Date.now() - 10 * 60_000);
      const [marker = ""] = readdirSync(join(folder, "unfinished"));
      utimesSync(join(folder, "unfinished", marker), then, then);
      const { storage } = await start(source, undefined, { life: 200, rescue: 200 });
      const ctx = await memberContext(storage.services, { userId, loginEpoch: 0 });
      if (!ctx) throw new Error("The owner is gone.");
      await ctx.db.tenant(ctx.org, (tx) => tx.update(realtimeSessions).set({ seenAt: then }));
      await vi.waitFor(
        async () => expect((await getSession({ ctx, input: { id: ws.sessionId } })).hasAudio).toBe(true),
        { timeout: 60_000, interval: 200 },
      );
      const session = await getSession({ ctx, input: { id: ws.sessionId } });
      expect(session).toMatchObject({ status: "ended", endReason: "server_lost", recordings: [{ side: "input" }] });
      const found = await findRecording({ ctx, input: { sessionId: ws.sessionId, side: "input" } });
      const { samples } = decodeWav(readFileSync(join(folder, found.path)));
      expect(samples.length).toBeGreaterThan(RATE * 3);
      expect(Math.round((samples.length / RATE) * 1000)).toBe(Math.round(found.durationMs));
      await vi.waitFor(() => expect(readdirSync(join(folder, "unfinished"))).toEqual([]), PATIENT);
    });
  });
}
