import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { describeDatabase } from "../../lib/db/testing/database";
import { createLogger } from "../../lib/logger";
import { listLimits } from "../../lib/services/limits/list";
import { removeLimit } from "../../lib/services/limits/remove";
import { setLimit } from "../../lib/services/limits/set";
import { type Limits, type Spent, type Standing, standingOf } from "../../lib/services/limits/standing";
import { seedMember, seedServices, unique } from "../../lib/services/testing/seed";
import { realtimeSessions, usage } from "../../lib/db/schema/index";
import { allowAnyone } from "../realtime/door/auth";
import { pipeline } from "../realtime/engine/pipeline";
import { createRealtimeHandler } from "../realtime/handler";
import { scriptedLlm, scriptedStt, scriptedTts } from "../realtime/testing/index";
import { connectInMemory } from "../realtime/testing/realtime";
import { Counters } from "./counters";
import { createLimitsGate } from "./gate";
import { hasRedis, redis } from "./testing/redis";

const log = createLogger({ level: "silent" });
const NONE = { minutesDay: 0, minutesMonth: 0, costDayMicros: 0, costMonthMicros: 0, sessions: 0 };

interface Setup {
  readonly limits?: Record<string, Partial<Limits>>;
  readonly spent?: Record<string, Partial<Spent>>;
  readonly redis?: Redis | undefined;
}

async function gateWith({ limits = {}, spent = {}, redis }: Setup = {}) {
  const standing: Standing = {
    limits: new Map(Object.entries(limits).map(([name, each]) => [name, each as Limits])),
    spent: new Map(Object.entries(spent).map(([name, each]) => [name, { ...NONE, ...each }])),
  };
  const gate = createLimitsGate({ counters: new Counters(redis), standing: async () => standing, log });
  const tenant = `org_${unique()}`;
  await gate.prepare(tenant);
  return { gate, session: { tenant, keyId: "key_1", model: "m" } };
}

afterAll(() => redis.disconnect());

for (const [kind, store] of [
  ["memory", undefined],
  ["Redis", redis],
] as const) {
  const skip = store !== undefined && !hasRedis;
  describe.skipIf(skip)(`limits counted in ${kind}${skip ? " (none answers)" : ""}`, () => {
    it("refuse what is too much, without taking anything, and say when to come back", async () => {
      const { gate, session } = await gateWith({ limits: { organisation: { tokensPerMinute: 100 } }, redis: store });
      const usage = gate.open(session);
      await usage.reserve(60);
      await expect(usage.reserve(60)).rejects.toMatchObject({
        type: "rate_limit_error",
        code: "rate_limit_exceeded",
        message: expect.stringMatching(/Your organisation has reached its 100 tokens per minute: 40 are left/),
        retryAfterSeconds: expect.any(Number),
      });
      await usage.reserve(40);
      expect(usage.limits()).toMatchObject([
        { name: "requests", limit: 100, remaining: 97 },
        { name: "tokens", limit: 100, remaining: 0 },
      ]);
    });

    it("give back what was reserved and not used", async () => {
      const { gate, session } = await gateWith({ limits: { "key key_1": { tokensPerMinute: 100 } }, redis: store });
      const usage = gate.open(session);
      (await usage.reserve(90)).settle(10);
      expect(usage.limits()[1]).toMatchObject({ name: "tokens", limit: 100, remaining: 90 });
      await expect
        .poll(() =>
          usage.reserve(90).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      (await gate.open({ ...session, keyId: "key_2" }).reserve(1)).settle(50);
    });

    it("hold for a key by itself, and for all of its organisation", async () => {
      const limits = { organisation: { requestsPerMinute: 3 }, "key key_1": { requestsPerMinute: 1 } };
      const { gate, session } = await gateWith({ limits, redis: store });
      await gate.request?.(session);
      await expect(gate.request?.(session)).rejects.toThrow(/This API key has reached its 1 requests/);
      const other = { ...session, keyId: "key_2" };
      await gate.request?.(other);
      await gate.request?.(other);
      await expect(gate.request?.(other)).rejects.toThrow(/Your organisation has reached its 3 requests/);
    });
  });
}

describe("limits", () => {
  it("count together for several servers on one Redis", async ({ skip }) => {
    if (!hasRedis) skip("no Redis answers");
    const { gate, session } = await gateWith({ limits: { organisation: { requestsPerMinute: 2 } }, redis });
    const second = createLimitsGate({
      counters: new Counters(redis),
      standing: async () => ({
        limits: new Map([["organisation", { requestsPerMinute: 2 } as Limits]]),
        spent: new Map(),
      }),
      log,
    });
    await gate.request?.(session);
    await second.request?.(session);
    await expect(gate.request?.(session)).rejects.toMatchObject({ code: "rate_limit_exceeded" });
  });

  it("go on counting alone when Redis is away", async () => {
    const away = new Redis("redis://127.0.0.1:1", { retryStrategy: () => null, enableOfflineQueue: false });
    away.on("error", () => undefined);
    const { gate, session } = await gateWith({ limits: { organisation: { requestsPerMinute: 1 } }, redis: away });
    await gate.request?.(session);
    await expect(gate.request?.(session)).rejects.toMatchObject({ code: "rate_limit_exceeded" });
    away.disconnect();
  });

  it("hold for sessions at a time, here and elsewhere", async () => {
    const { gate, session } = await gateWith({ limits: { organisation: { concurrentSessions: 2 } } });
    const first = gate.open(session);
    gate.open(session);
    expect(() => gate.open(session)).toThrow(/2 sessions at a time/);
    first.close();
    first.close();
    gate.open(session);
    expect(() => gate.open(session)).toThrow();
    const elsewhere = await gateWith({
      limits: { organisation: { concurrentSessions: 2 } },
      spent: { organisation: { sessions: 2 } },
    });
    expect(() => elsewhere.gate.open(elsewhere.session)).toThrow(/2 sessions at a time/);
  });

  it.each([
    ["minutes a day", { minutesPerDay: 10 }, { minutesDay: 10 }],
    ["minutes a month", { minutesPerMonth: 10 }, { minutesMonth: 11 }],
    ["spending a day", { costPerDayMicros: 5 }, { costDayMicros: 5 }],
    ["spending a month", { costPerMonthMicros: 5 }, { costMonthMicros: 6 }],
  ])("hold for %s", async (what, limits, spent) => {
    const { gate, session } = await gateWith({ limits: { "key key_1": limits }, spent: { "key key_1": spent } });
    expect(() => gate.open(session)).toThrow(`This API key has used up its ${what}.`);
    gate.open({ ...session, keyId: "key_2" });
  });

  it("take a small part of a millisecond in memory", async () => {
    const { gate, session } = await gateWith({
      limits: { organisation: { tokensPerMinute: 1e9, requestsPerMinute: 1e9 } },
    });
    const { tenant, model } = session;
    const usage = gate.open({ tenant, model });
    const rounds = 2_000;
    for (let i = 0; i < rounds; i += 1) (await usage.reserve(10)).settle(5);
    const began = process.cpuUsage();
    for (let i = 0; i < rounds; i += 1) (await usage.reserve(10)).settle(5);
    const { user, system } = process.cpuUsage(began);
    // CPU, not time: another process may have the machine.
    expect((user + system) / 1000 / rounds).toBeLessThan(0.1);
  });
});

describe("a session with limits", () => {
  it("says where it stands, and fails the response that is too much, in words, and goes on", async () => {
    const limits = { organisation: { requestsPerMinute: 1 } };
    const { gate, session } = await gateWith({ limits });
    const handler = createRealtimeHandler({
      engine: pipeline({ stt: scriptedStt(), llm: scriptedLlm({ reply: ["Yes."] }), tts: scriptedTts() }),
      authenticate: allowAnyone({ tenant: session.tenant }),
      usage: gate,
    });
    const { client } = connectInMemory(handler);
    await client.next("session.created");
    const ask = async () => {
      client.send({ type: "response.create", response: { output_modalities: ["text"] } });
      const { response } = await client.next("response.done");
      return { response, limits: (await client.next("rate_limits.updated")).rate_limits };
    };
    const first = await ask();
    expect(first.response.status).toBe("completed");
    expect(first.limits).toMatchObject([
      { name: "requests", limit: 1, remaining: 0, reset_seconds: expect.any(Number) },
      { name: "tokens", limit: 10_000, remaining: 10_000 - (first.response.usage?.total_tokens ?? 0) },
    ]);
    const second = await ask();
    expect(second.response).toMatchObject({
      status: "failed",
      status_details: { type: "failed", error: { type: "rate_limit_error", code: "rate_limit_exceeded" } },
      output: [],
    });
    const rest = await handler.fetch(new Request("http://x/v1/models"));
    expect(rest.status).toBe(429);
    expect(Number(rest.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await rest.json()).toMatchObject({ error: { type: "rate_limit_error", code: "rate_limit_exceeded" } });
    await handler.close({ drainMs: 1 });
  });
});

describeDatabase("standing", (db) => {
  it("is what was set, used and runs now, of one organisation", async () => {
    const ctx = await seedMember(seedServices(db()));
    const other = await seedMember(seedServices(db()));
    await setLimit({ ctx, input: { subject: "organisation", minutesPerDay: 60 } });
    await setLimit({ ctx, input: { subject: "organisation", minutesPerDay: 90, requestsPerMinute: 5 } });
    await expect(setLimit({ ctx, input: { subject: "key", subjectId: "key_none" } })).rejects.toMatchObject({
      code: "not_found",
    });
    const now = new Date();
    await db().tenant(ctx.org, async (tx) => {
      const day = now.toISOString().slice(0, 10);
      await tx.insert(usage).values([
        { orgId: ctx.org, day, keyId: "key_1", model: "m", durationMs: 120_000, costMicros: 7 },
        { orgId: ctx.org, day, keyId: "", model: "m", durationMs: 60_000 },
      ]);
      const startedAt = new Date(now.getTime() - 60_000);
      await tx.insert(realtimeSessions).values({
        ...{ id: `sess_${unique()}`, orgId: ctx.org, keyId: "key_1", model: "m", transport: "websocket" },
        ...{ status: "live", startedAt, seenAt: now },
      });
    });
    const { limits, spent } = await standingOf(db(), ctx.org, now);
    expect(limits.get("organisation")).toMatchObject({
      minutesPerDay: 90,
      requestsPerMinute: 5,
      tokensPerMinute: null,
    });
    expect(spent.get("organisation")).toMatchObject({ sessions: 1, costDayMicros: 7 });
    expect(spent.get("organisation")?.minutesDay).toBeCloseTo(4, 0);
    expect(spent.get("key key_1")).toMatchObject({ sessions: 1, costMonthMicros: 7 });
    expect((await standingOf(db(), other.org)).limits.size).toBe(0);
    const [set] = (await listLimits({ ctx, input: undefined })).limits;
    await removeLimit({ ctx, input: { id: set?.id ?? "" } });
    expect((await standingOf(db(), ctx.org)).limits.size).toBe(0);
  });
});
