import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { audioDeletions } from "../../../lib/db/schema/index";
import { describeDatabase } from "../../../lib/db/testing/database";
import { createLogger } from "../../../lib/logger";
import { findRecording } from "../../../lib/services/sessions/recording";
import { getSession } from "../../../lib/services/sessions/get";
import { removeSession } from "../../../lib/services/sessions/remove";
import { recordingDefaults } from "../../../lib/services/settings/fields";
import { setRecording } from "../../../lib/services/settings/set-recording";
import { seedMember, seedServices } from "../../../lib/services/testing/seed";
import { decodeWav } from "../../realtime/audio/wav";
import { pcmToBytes } from "../../realtime/audio/pcm";
import { allowAnyone } from "../../realtime/door/auth";
import { pipeline } from "../../realtime/engine/pipeline";
import { createRealtimeHandler } from "../../realtime/handler";
import { scriptedLlm, scriptedStt, scriptedTts } from "../../realtime/testing/index";
import { connectInMemory } from "../../realtime/testing/realtime";
import { createRecorder } from "../recorder";
import { AudioTrack } from "./audio-track";
import { createAudioStore } from "./store";
import { openTestBucket } from "./testing/bucket";

const log = createLogger({ level: "silent" });
const temporary = (): string => mkdtempSync(join(tmpdir(), "antiphon-audio-"));
const tone = (ms: number, value: number, rate = 24_000): Buffer =>
  pcmToBytes(new Int16Array((ms / 1000) * rate).fill(value));
const pcm = { format: "audio/pcm", sampleRate: 24_000 } as const;
const delta = (audio: Buffer) => ({ type: "response.output_audio.delta", delta: audio.toString("base64") }) as never;

/** The value at a time, in ms. */
const at = (samples: Int16Array, ms: number): number | undefined => samples[Math.round(ms * 24)];

describe("an audio track", () => {
  it("puts what is heard in its place, with silence between", async () => {
    const track = new AudioTrack({ folder: temporary(), name: "s" });
    track.observe({ type: "input-audio", at: 1_000, audio: tone(20, 100), ...pcm });
    track.observe({ type: "input-audio", at: 1_030, audio: tone(20, 100), ...pcm });
    track.observe({ type: "input-audio", at: 2_000, audio: tone(20, 200), ...pcm });
    const [input] = await track.close();
    const { samples } = decodeWav(readFileSync(input?.path ?? ""));
    expect(input).toMatchObject({ side: "input", sampleRate: 24_000, durationMs: 2_000 });
    expect([0, 970, 990, 1_010, 1_100, 1_990].map((ms) => at(samples, ms))).toEqual([0, 0, 100, 100, 0, 200]);
  });

  it("keeps of what is said what can have been heard when it was cut short", async () => {
    const track = new AudioTrack({ folder: temporary(), name: "s" });
    // Two seconds, made in an instant.
    for (let i = 0; i < 20; i += 1) track.observe({ type: "server-event", at: 500, event: delta(tone(100, 300)) });
    track.observe({
      type: "server-event",
      at: 1_250,
      event: { type: "response.done", response: { status: "cancelled" } } as never,
    });
    track.observe({ type: "server-event", at: 3_000, event: delta(tone(100, 400)) });
    track.observe({ type: "ended", at: 3_050, code: 1000, reason: "" });
    const [output] = await track.close();
    const { samples } = decodeWav(readFileSync(output?.path ?? ""));
    expect([400, 510, 1_240, 1_260, 2_900, 3_040].map((ms) => at(samples, ms))).toEqual([0, 300, 300, 0, 0, 400]);
    expect(output?.durationMs).toBeCloseTo(3_050, 0);
  });

  it("lets the answer come after a question that was sent in an instant", async () => {
    const track = new AudioTrack({ folder: temporary(), name: "s" });
    for (let i = 0; i < 20; i += 1) track.observe({ type: "input-audio", at: 5, audio: tone(100, 100), ...pcm });
    track.observe({ type: "server-event", at: 105, event: delta(tone(100, 300)) });
    track.observe({ type: "ended", at: 305, code: 1000, reason: "" });
    const [input, output] = await track.close();
    expect([input?.durationMs, Math.round(output?.durationMs ?? 0)]).toEqual([2_000, 2_200]);
    const { samples } = decodeWav(readFileSync(output?.path ?? ""));
    expect([at(samples, 2_050), at(samples, 2_110)]).toEqual([0, 300]);
  });

  it("writes G.711 as what it sounds like, and nothing at all when nobody spoke", async () => {
    const track = new AudioTrack({ folder: temporary(), name: "s" });
    const audio = Buffer.alloc(160, 0x80);
    track.observe({ type: "input-audio", at: 20, audio, format: "audio/pcmu", sampleRate: 8_000 });
    const [input] = await track.close();
    const { samples, sampleRate } = decodeWav(readFileSync(input?.path ?? ""));
    expect([sampleRate, samples.length, samples[0]]).toEqual([8_000, 160, 32_124]);
    expect(await new AudioTrack({ folder: temporary(), name: "t" }).close()).toEqual([]);
  });
});

describe("a store", () => {
  it("leaves its folder for nobody", async () => {
    const store = createAudioStore({ folder: temporary(), s3: undefined });
    await expect(store.folderOf("../elsewhere")).rejects.toThrow(/outside/);
    await expect(store.read({ store: "file", path: "../../etc/passwd" })).rejects.toThrow(/outside/);
    expect(await store.read({ store: "file", path: "org/none.wav" })).toBeUndefined();
  });

  it("knows its place again, and no other folder's", async () => {
    const folder = temporary();
    const places = [folder, folder, temporary()].map((each) =>
      createAudioStore({ folder: each, s3: undefined }).place(),
    );
    const [first, again, other] = await Promise.all(places);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("puts, gives and removes objects of a bucket, signed", async () => {
    const { s3, objects, signed, close } = await openTestBucket();
    const store = createAudioStore({ folder: temporary(), s3 });
    const track = new AudioTrack({ folder: await store.folderOf("org_1"), name: "sess_1" });
    track.observe({ type: "input-audio", at: 20, audio: tone(20, 1), ...pcm });
    const [side] = await track.close();
    const kept = await store.keep({ org: "org_1", path: side?.path ?? "" });
    expect(kept).toEqual({ store: "s3", path: "org_1/sess_1-input.wav", place: null });
    expect([...objects.keys()]).toEqual(["/voices/org_1/sess_1-input.wav"]);
    const read = await store.read(kept);
    expect((await new Response(read?.stream).arrayBuffer()).byteLength).toBe(side?.bytes);
    const part = await store.read(kept, { start: 8, end: 11 });
    expect([await new Response(part?.stream).text(), part?.bytes]).toEqual(["WAVE", side?.bytes]);
    await store.remove(kept);
    expect(await store.read(kept)).toBeUndefined();
    expect(signed.every((header) => header.startsWith("AWS4-HMAC-SHA256 Credential=a/"))).toBe(true);
    close();
  });
});

describeDatabase("recorded audio", (db) => {
  const record = async (recordAudio: boolean) => {
    const services = seedServices(db());
    const ctx = await seedMember(services);
    await setRecording({ ctx, input: { ...recordingDefaults, recordAudio } });
    const folder = temporary();
    const store = createAudioStore({ folder, s3: undefined });
    const recorder = await createRecorder({ db: db(), log, spoolFolder: temporary(), everyMs: 1e9, audio: store });
    const handler = createRealtimeHandler({
      engine: pipeline({ stt: scriptedStt(), llm: scriptedLlm({ reply: ["Hello."] }), tts: scriptedTts() }),
      authenticate: allowAnyone({ tenant: ctx.org }),
      observers: [recorder],
    });
    const { client } = connectInMemory(handler);
    const { session } = await client.next("session.created");
    client.send({ type: "input_audio_buffer.append", audio: tone(200, 50).toString("base64") });
    client.send({ type: "response.create" });
    await client.next("response.done");
    await handler.close({ drainMs: 1 });
    await recorder.close();
    return { services, ctx, store, folder, id: String(session.id) };
  };

  it("is kept on both sides where the organisation wants it, found, and told of when it goes", async () => {
    const { services, ctx, store, id } = await record(true);
    const session = await getSession({ ctx, input: { id } });
    expect(session).toMatchObject({ hasAudio: true, gaps: [] });
    expect(session.recordings.map(({ side }) => side)).toContain("input");
    const [loudest = 0] = (session.recordings.find(({ side }) => side === "output")?.peaks ?? []).toSorted(
      (a, b) => b - a,
    );
    expect(loudest).toBeGreaterThan(0);
    const [reply] = session.items.filter(({ role }) => role === "assistant");
    expect(reply).toMatchObject({ saidFromMs: expect.any(Number), saidToMs: expect.any(Number) });
    expect(reply?.saidToMs).toBeGreaterThan(reply?.saidFromMs ?? Infinity);
    const found = await findRecording({ ctx, input: { sessionId: id, side: "input" } });
    const read = await store.read(found);
    const { samples } = decodeWav(Buffer.from(await new Response(read?.stream).arrayBuffer()));
    expect(samples.length).toBeGreaterThanOrEqual(4_800);
    const stranger = await seedMember(seedServices(db()));
    await expect(findRecording({ ctx: stranger, input: { sessionId: id, side: "input" } })).rejects.toMatchObject({
      code: "not_found",
    });
    await removeSession({ ctx, input: { id } });
    expect(services.events).toContainEqual({ type: "audio.deleted", org: ctx.org });
    const due = await db().tenant(ctx.org, (tx) => tx.select().from(audioDeletions));
    expect(due).toContainEqual(
      expect.objectContaining({ store: "file", path: found.path, place: await store.place() }) as unknown,
    );
  });

  it("is not kept where nobody asked for it", async () => {
    const { ctx, folder, id } = await record(false);
    expect(readdirSync(folder)).toEqual([]);
    expect(await getSession({ ctx, input: { id } })).toMatchObject({ hasAudio: false, recordings: [] });
  });
});
