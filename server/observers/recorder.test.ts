import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Database } from "../../lib/db/client";
import { realtimeSessions, recordingGaps } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { createLogger } from "../../lib/logger";
import { setPrice } from "../../lib/services/prices/set";
import { exportSession } from "../../lib/services/sessions/export";
import { applyRetention, endSilent, keepAlive } from "../../lib/services/sessions/life";
import { getSession } from "../../lib/services/sessions/get";
import { listSessionEvents } from "../../lib/services/sessions/list-events";
import { listSessions } from "../../lib/services/sessions/list";
import { removeSession } from "../../lib/services/sessions/remove";
import { setRecording } from "../../lib/services/settings/set-recording";
import { recordingDefaults } from "../../lib/services/settings/fields";
import { seedMember, seedServices } from "../../lib/services/testing/seed";
import { getOverview } from "../../lib/services/usage/overview";
import { summariseUsage } from "../../lib/services/usage/summary";
import { allowAnyone } from "../realtime/door/auth";
import { pipeline } from "../realtime/engine/pipeline";
import { createRealtimeHandler } from "../realtime/handler";
import { scriptedLlm, scriptedStt, scriptedTts } from "../realtime/testing/index";
import { connectInMemory } from "../realtime/testing/realtime";
import { cleanJson, cleanText } from "./clean";
import { createRecorder, type Recorder, type RecorderOptions } from "./recorder";

const log = createLogger({ level: "silent" });
const folder = (): string => mkdtempSync(join(tmpdir(), "antiphon-spool-"));

function recorderOn(db: Database, options: Partial<RecorderOptions> = {}): Promise<Recorder> {
  return createRecorder({ db, log, spoolFolder: folder(), everyMs: 1e9, retryMs: 0, ...options });
}

/** One session in which somebody says `text` and is answered. */
async function converse(recorder: Recorder, tenant: string, text = "What is the weather in Lisbon?"): Promise<string> {
  const handler = createRealtimeHandler({
    engine: pipeline({ stt: scriptedStt(), llm: scriptedLlm({ reply: ["Sunny ", "and warm."] }), tts: scriptedTts() }),
    authenticate: allowAnyone({ tenant }),
    observers: [recorder],
  });
  const { client } = connectInMemory(handler);
  const { session } = await client.next("session.created");
  client.send({
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
  });
  client.send({ type: "response.create", response: { output_modalities: ["audio"] } });
  await client.next("response.done");
  client.send({ type: "response.cancel" });
  await client.next("error");
  await recorder.flush();
  await handler.close({ drainMs: 1 });
  return String(session.id);
}

/** A database that can be away. */
function unsteady(db: Database): { readonly db: Database; away: boolean } {
  const state = { away: false, db };
  state.db = {
    ...db,
    system: (work) =>
      state.away ? Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" })) : db.system(work),
  };
  return state;
}

describeDatabase("the recorder", (db) => {
  it("writes down who said what, what it took and what it cost", async () => {
    const ctx = await seedMember(seedServices(db()));
    const model = "antiphon";
    await setPrice({ ctx, input: { model, inputText: 1_000_000, outputText: 2_000_000, outputAudio: 3_000_000 } });
    const written: string[] = [];
    const recorder = await recorderOn(db(), { onWritten: (org) => void written.push(org) });
    const id = await converse(recorder, ctx.org);
    await recorder.close();
    expect(new Set(written)).toEqual(new Set([ctx.org]));

    const session = await getSession({ ctx, input: { id } });
    expect(session).toMatchObject({
      status: "ended",
      model,
      transport: "memory",
      responseCount: 1,
      errors: 1,
      itemCount: 2,
      preview: "What is the weather in Lisbon?",
      hasGaps: false,
      endedAt: expect.any(Date),
      config: { type: "realtime" },
    });
    expect(session.items.map(({ role, transcript, status }) => [role, transcript, status])).toEqual([
      ["user", "What is the weather in Lisbon?", "completed"],
      ["assistant", "Sunny and warm.", "completed"],
    ]);
    const [response] = session.responses;
    expect(response).toMatchObject({
      status: "completed",
      heardMs: expect.any(Number),
      firstAudioMs: expect.any(Number),
    });
    const { inputTokens = 0, costMicros = 0 } = response ?? {};
    expect(inputTokens).toBeGreaterThan(0);
    expect(costMicros).toBeGreaterThan(inputTokens);
    expect(session.costMicros).toBe(costMicros);

    const today = new Date().toISOString().slice(0, 10);
    const [sum] = await summariseUsage({ ctx, input: { from: today, to: today, by: "model" } });
    expect(sum).toMatchObject({ group: model, sessions: 1, responses: 1, errors: 1, costMicros });
    expect(await getOverview({ ctx, input: {} })).toMatchObject({
      liveSessions: 0,
      heardLatencyMs: { p50: expect.any(Number) },
      checklist: { key: false, session: true },
    });
  });

  it("keeps events in their order, text deltas as one and audio not at all", async () => {
    const ctx = await seedMember(seedServices(db()));
    const recorder = await recorderOn(db());
    const id = await converse(recorder, ctx.org);
    await recorder.close();
    const { items: events } = await listSessionEvents({ ctx, input: { id } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe("session.created");
    expect(types).not.toContain("response.output_audio.delta");
    const deltas = events.filter(({ type }) => type === "response.output_audio_transcript.delta");
    expect(deltas.map(({ payload }) => (payload as { delta: string }).delta).join("")).toBe("Sunny and warm.");
    const some = await listSessionEvents({ ctx, input: { id, type: "ErR" } });
    expect(some.items).toMatchObject([
      { direction: "out", payload: { error: { code: "response_cancel_not_active" } } },
    ]);
    const page = await listSessionEvents({ ctx, input: { id, limit: 2 } });
    expect((await listSessionEvents({ ctx, input: { id, limit: 2, after: page.nextAfter } })).items[0]?.seq).toBe(3);
    expect((await exportSession({ ctx, input: { id } })).events).toHaveLength(events.length);
  });

  it("finds sessions by what was said, one tenant's for that tenant alone", async () => {
    const [ctx, other] = [await seedMember(seedServices(db())), await seedMember(seedServices(db()))];
    const recorder = await recorderOn(db());
    const lisbon = await converse(recorder, ctx.org);
    const oslo = await converse(recorder, ctx.org, "How cold is it in Oslo?");
    await recorder.close();
    const found = async (search: string, who = ctx) =>
      (await listSessions({ ctx: who, input: { search } })).items.map(({ id }) => id);
    expect(await found("lisbon")).toEqual([lisbon]);
    expect(await found("oslo -lisbon")).toEqual([oslo]);
    expect((await found("sunny")).sort()).toEqual([lisbon, oslo].sort());
    expect(await found('"); drop table items; --')).toEqual([]);
    expect(await found("lisbon", other)).toEqual([]);
    const first = await listSessions({ ctx, input: { limit: 1 } });
    const second = await listSessions({ ctx, input: { limit: 1, cursor: first.nextCursor } });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([oslo, lisbon]);
    expect(second.nextCursor).toBeUndefined();
    await expect(listSessions({ ctx, input: { cursor: "nonsense" } })).rejects.toMatchObject({ field: "cursor" });
    await expect(getSession({ ctx: other, input: { id: lisbon } })).rejects.toMatchObject({ code: "not_found" });
    await expect(removeSession({ ctx: other, input: { id: lisbon } })).rejects.toMatchObject({ code: "not_found" });
    await removeSession({ ctx, input: { id: lisbon } });
    expect(await found("lisbon")).toEqual([]);
  });

  it("leaves out words where the organisation wants none kept", async () => {
    const ctx = await seedMember(seedServices(db()));
    await setRecording({ ctx, input: { ...recordingDefaults, recordTranscripts: false } });
    const recorder = await recorderOn(db());
    const id = await converse(recorder, ctx.org);
    await recorder.close();
    const all = JSON.stringify(await exportSession({ ctx, input: { id } }));
    expect(all).not.toMatch(/Lisbon|Sunny/);
    expect(all).toContain('"role":"user"');
  });

  it("lets sessions go on while the database is away, and writes everything once it is back", async () => {
    const ctx = await seedMember(seedServices(db()));
    const place = unsteady(db());
    const spoolFolder = folder();
    const recorder = await recorderOn(place.db, { spoolFolder, maxWaiting: 40 });
    place.away = true;
    const id = await converse(recorder, ctx.org);
    await recorder.close();
    expect(readdirSync(spoolFolder).length).toBeGreaterThan(0);

    place.away = false;
    const later = await recorderOn(place.db, { spoolFolder });
    await later.flush();
    await later.close();
    expect(readdirSync(spoolFolder)).toEqual([]);
    const session = await getSession({ ctx, input: { id } });
    expect(session).toMatchObject({ status: "ended", itemCount: 2, responseCount: 1 });
    expect(session.gaps).toEqual([]);
  });

  it("says what was lost when there is no room any more", async () => {
    const ctx = await seedMember(seedServices(db()));
    const place = unsteady(db());
    const recorder = await recorderOn(place.db, { maxWaiting: 4, spoolBytes: 0 });
    place.away = true;
    const id = await converse(recorder, ctx.org);
    place.away = false;
    await recorder.flush();
    await recorder.close();
    const gaps = await db().tenant(ctx.org, (tx) =>
      tx.select().from(recordingGaps).where(eq(recordingGaps.sessionId, id)),
    );
    expect(gaps).toMatchObject([{ reason: "the database was away and there was no more room" }]);
    expect(gaps[0]?.lost).toBeGreaterThan(5);
  });

  it("ends what a lost server left, and takes away what is too old", async () => {
    const ctx = await seedMember(seedServices(db()));
    const recorder = await recorderOn(db());
    const id = await converse(recorder, ctx.org);
    await recorder.close();
    const age = (fields: object) =>
      db().tenant(ctx.org, (tx) => tx.update(realtimeSessions).set(fields).where(eq(realtimeSessions.id, id)));
    const now = Date.now();
    await age({ status: "live", startedAt: new Date(now - 6e5), seenAt: new Date(now - 5e5), endedAt: null });
    await endSilent(db());
    const lost = await getSession({ ctx, input: { id } });
    expect(lost).toMatchObject({ status: "ended", endReason: "server_lost", durationMs: 100_000 });
    // The server was there all the time, and could not reach the database.
    await keepAlive(db(), [id]);
    const found = await getSession({ ctx, input: { id } });
    expect(found).toMatchObject({ status: "live", endedAt: null, endReason: null, durationMs: null });
    await age({ status: "ended", endedAt: new Date(now) });
    await keepAlive(db(), [id]);
    expect(await getSession({ ctx, input: { id } })).toMatchObject({ status: "ended" });

    await applyRetention(db());
    expect((await getSession({ ctx, input: { id } })).items).toHaveLength(2);
    await setRecording({ ctx, input: { ...recordingDefaults, transcriptDays: 7 } });
    await age({ startedAt: new Date(now - 8 * 864e5) });
    // On two servers at once, as it comes.
    await Promise.all([applyRetention(db()), applyRetention(db())]);
    const purged = await exportSession({ ctx, input: { id } });
    expect(JSON.stringify(purged)).not.toMatch(/Lisbon|Sunny/);
    expect(purged).toMatchObject({ items: [], events: [], responses: [{ status: "completed" }] });
    expect(purged.session.purgedAt).toBeInstanceOf(Date);
  });

  it("does not write twice what was written although the answer was lost", async () => {
    const ctx = await seedMember(seedServices(db()));
    let lose = true;
    const forgetful: Database = {
      ...db(),
      system: async (work) => {
        const result = await db().system(work);
        if (result !== false || !lose) return result;
        lose = false;
        throw Object.assign(new Error("lost"), { code: "ECONNRESET" });
      },
    };
    const recorder = await recorderOn(forgetful);
    await converse(recorder, ctx.org);
    await recorder.flush();
    await recorder.close();
    expect(lose).toBe(false);
    const today = new Date().toISOString().slice(0, 10);
    const [sum] = await summariseUsage({ ctx, input: { from: today, to: today } });
    expect(sum).toMatchObject({ sessions: 1, responses: 1, errors: 1 });
  });

  it("writes everything else when something is refused for good", async () => {
    const ctx = await seedMember(seedServices(db()));
    const recorder = await recorderOn(db());
    const lost = converse(recorder, "org_that_is_not_there");
    const id = await converse(recorder, ctx.org);
    await lost;
    await recorder.close();
    expect(await getSession({ ctx, input: { id } })).toMatchObject({ status: "ended", itemCount: 2 });
  });
});

describe("cleaning", () => {
  it("takes what PostgreSQL refuses, and cuts what is long", () => {
    expect(cleanText("a\0b\uD800c\uDC00d😀")).toBe("a\uFFFDb\uFFFDc\uFFFDd😀");
    expect(cleanJson({ "a\0": ["\0", 1, null, true], b: "x".repeat(20_000) })).toEqual({
      "a\uFFFD": ["\uFFFD", 1, null, true],
      b: `${"x".repeat(256)}… (20000 characters)`,
    });
  });
});
