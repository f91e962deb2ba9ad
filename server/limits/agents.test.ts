/** Agents' limits and usage, from what the dashboard saves to what a session is told: with all parts as they are composed. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../../lib/db/client";
import { usage } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { createLogger } from "../../lib/logger";
import type { AgentConfigInput } from "../../lib/services/agents/config";
import { createAgent } from "../../lib/services/agents/create";
import { saveAgent } from "../../lib/services/agents/save";
import { listLimits } from "../../lib/services/limits/list";
import { setLimit } from "../../lib/services/limits/set";
import { standingOf } from "../../lib/services/limits/standing";
import { listSessions } from "../../lib/services/sessions/list";
import { seedMember, seedServices } from "../../lib/services/testing/seed";
import { summariseUsage } from "../../lib/services/usage/summary";
import { createRecorder } from "../observers/recorder";
import { textEngine } from "../realtime/conformance/test-support";
import { createTestRealtime, inTurn } from "../realtime/testing";
import type { RealtimeTestClient } from "../realtime/testing/client";
import { databasePrompts } from "../storage/agents";
import { databaseSecretStore } from "../storage/secret-store";
import { Counters } from "./counters";
import { createLimitsGate } from "./gate";
import { hasRedis, redis } from "./testing/redis";

const log = createLogger({ level: "silent" });
afterAll(() => redis.disconnect());

/** A server of one organisation's, put together as `storage.ts` does it. */
async function serverOn(db: Database, store: Redis | undefined) {
  const services = seedServices(db);
  const ctx = await seedMember({
    ...services,
    notify: ({ type, org }) => void (type === "limits.changed" && gate.forget(org)),
  });
  const gate = createLimitsGate({ counters: new Counters(store), standing: (org) => standingOf(db, org), log });
  const recorder = await createRecorder({
    ...{ db, log, everyMs: 1e9, retryMs: 0 },
    spoolFolder: mkdtempSync(join(tmpdir(), "antiphon-spool-")),
  });
  const realtime = createTestRealtime({
    engine: textEngine({
      reply: inTurn("One.", [{ toolCall: { name: "transfer_to_kitchen", arguments: {} } }], "Hungry?", "Yes."),
    }),
    authenticate: async () => {
      await gate.prepare(ctx.org);
      return { tenant: ctx.org, keyId: "key_1" };
    },
    usage: gate,
    observers: [recorder],
    prompts: databasePrompts(services, gate),
    secrets: databaseSecretStore(services, gate),
  });
  onTestFinished(async () => {
    await realtime.close();
    await recorder.close();
  });
  const agent = async (name: string, config: AgentConfigInput = {}) =>
    (await createAgent({ ctx, input: { name, config: { modality: "text", ...config } } })).id;
  return { ctx, gate, recorder, realtime, agent };
}

const become = async (client: RealtimeTestClient, id: string): Promise<void> => {
  client.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", prompt: { id } } }));
  await client.next("session.updated");
};

/** A turn in text, and how its response ended. */
async function turn(client: RealtimeTestClient) {
  client.send({ type: "response.create" });
  const { response } = await client.next("response.done");
  const { rate_limits } = await client.next("rate_limits.updated");
  return { response, limits: rate_limits };
}

describeDatabase("agents", (db) => {
  for (const [kind, store] of [
    ["memory", undefined],
    ["Redis", redis],
  ] as const) {
    const skip = store !== undefined && !hasRedis;
    describe.skipIf(skip)(`with limits counted in ${kind}${skip ? " (none answers)" : ""}`, () => {
      it("have the limits that were saved with them, also for several sessions together", async () => {
        const { realtime, agent } = await serverOn(db(), store);
        const id = await agent("Desk", { limits: { requestsPerMinute: 2 } });
        const { client } = realtime;
        await client.next("session.created");
        expect((await turn(client)).limits).toMatchObject([{ limit: 100 }, { limit: 10_000 }]);
        await become(client, id);
        expect((await turn(client)).limits[0]).toMatchObject({ name: "requests", limit: 2, remaining: 1 });
        const second = realtime.connect().client;
        await second.next("session.created");
        await become(second, id);
        expect((await turn(second)).response.status).toBe("completed");
        expect((await turn(client)).response).toMatchObject({
          status: "failed",
          status_details: { error: { type: "rate_limit_error", code: "rate_limit_exceeded" } },
        });
        // Whoever does not run under the agent is not held up by it.
        const other = realtime.connect().client;
        await other.next("session.created");
        expect((await turn(other)).response.status).toBe("completed");
      });

      it("are limited in tokens, and settle what was not used with whom it was taken from", async () => {
        const { realtime, agent } = await serverOn(db(), store);
        const id = await agent("Desk", { limits: { tokensPerMinute: 1_000 } });
        const { client } = realtime;
        await client.next("session.created");
        await become(client, id);
        const { response, limits } = await turn(client);
        expect(response.status).toBe("completed");
        expect(limits[1]).toMatchObject({ limit: 1_000, remaining: 1_000 - (response.usage?.total_tokens ?? 0) });
      });
    });
  }

  it("count single responses that name them, which are not the session's own agent's", async () => {
    const { ctx, realtime, recorder, agent } = await serverOn(db(), undefined);
    const desk = await agent("Desk");
    const kitchen = await agent("Kitchen", { limits: { requestsPerMinute: 1 } });
    const { client } = realtime;
    await client.next("session.created");
    await become(client, desk);
    const ask = async () => {
      client.sendRaw(JSON.stringify({ type: "response.create", response: { prompt: { id: kitchen } } }));
      return (await client.next("response.done")).response;
    };
    const asked = await ask();
    expect(await ask()).toMatchObject({
      status: "failed",
      status_details: {
        error: { code: "rate_limit_exceeded", message: expect.stringContaining("This agent") as string },
      },
    });
    const own = (await turn(client)).response;
    expect([asked.status, own.status]).toEqual(["completed", "completed"]);
    await client.close();
    await recorder.flush();
    const today = new Date().toISOString().slice(0, 10);
    const rows = await summariseUsage({ ctx, input: { from: today, to: today, by: "agent" } });
    const counted = rows.map(({ group, sessions, responses, failedResponses, outputTextTokens }) => [
      group,
      { sessions, responses, failedResponses, outputTextTokens },
    ]);
    expect(Object.fromEntries(counted)).toMatchObject({
      [desk]: { sessions: 1, responses: 1, failedResponses: 0, outputTextTokens: own.usage?.output_tokens },
      [kitchen]: { sessions: 0, responses: 2, failedResponses: 1, outputTextTokens: asked.usage?.output_tokens },
    });
  });

  it("may have so many sessions at a time: the next is refused at the door, or when it would become one", async () => {
    const { realtime, agent } = await serverOn(db(), undefined);
    const id = await agent("Desk", { limits: { concurrentSessions: 1 } });
    const { client } = realtime;
    await client.next("session.created");
    await become(client, id);
    const minted = await realtime.handler.fetch(
      new Request("http://x/v1/realtime/client_secrets", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ session: { type: "realtime", prompt: { id } } }),
      }),
    );
    const { value } = (await minted.json()) as { value: string };
    const refused = realtime.connect({ apiKey: value }).client;
    expect((await refused.next("error")).error.message).toBe("This agent may have 1 session at a time.");
    const other = realtime.connect().client;
    await other.next("session.created");
    other.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", prompt: { id } } }));
    expect((await other.next("error")).error.code).toBe("rate_limit_exceeded");
    await client.close();
    await become(other, id);
  });

  it.each([
    [{ minutesPerDay: 10 }, { durationMs: 600_000 }, "minutes a day"],
    [{ minutesPerMonth: 10 }, { durationMs: 600_000 }, "minutes a month"],
    [{ costPerDayMicros: 5 }, { costMicros: 5 }, "spending a day"],
    [{ costPerMonthMicros: 5 }, { costMicros: 6 }, "spending a month"],
  ])("stop when %o is used up, and begin again when more is allowed", async (limits, used, what) => {
    const { ctx, realtime, agent, gate } = await serverOn(db(), undefined);
    const id = await agent("Desk", { limits });
    const day = new Date().toISOString().slice(0, 10);
    await db().tenant(ctx.org, (tx) =>
      tx.insert(usage).values({ orgId: ctx.org, day, agentId: id, model: "m", ...used }),
    );
    gate.forget(ctx.org);
    const { client } = realtime.connect();
    await client.next("session.created");
    client.sendRaw(JSON.stringify({ type: "session.update", session: { type: "realtime", prompt: { id } } }));
    expect((await client.next("error")).error.message).toBe(`This agent has used up its ${what}.`);
    await saveAgent({ ctx, input: { id, name: "Desk", config: { modality: "text" } } });
    await gate.prepare(ctx.org);
    await become(client, id);
  });

  it("have the tighter of what was saved with them and what the page of limits says", async () => {
    const { ctx, agent } = await serverOn(db(), undefined);
    const id = await agent("Desk", { limits: { requestsPerMinute: 5, minutesPerDay: null } });
    await setLimit({ ctx, input: { subject: "agent", subjectId: id, requestsPerMinute: 9, costPerDayMicros: 7 } });
    const shown = await listLimits({ ctx, input: undefined });
    expect(shown.limits).toMatchObject([
      { subject: "agent", subjectId: id, requestsPerMinute: 9, used: { sessions: 0 } },
    ]);
    expect(shown.saved).toMatchObject([{ agentId: id, requestsPerMinute: 5, used: { minutesDay: 0 } }]);
    const { limits } = await standingOf(db(), ctx.org);
    expect(limits.get(`agent ${id}`)).toMatchObject({
      requestsPerMinute: 5,
      costPerDayMicros: 7,
      minutesPerDay: null,
      tokensPerMinute: null,
    });
  });

  it("are written down with session and usage, each with what it used itself", async () => {
    const { ctx, realtime, recorder, agent } = await serverOn(db(), undefined);
    const kitchen = await agent("Kitchen");
    const desk = await agent("Desk", { handoffs: [kitchen] });
    const { client } = realtime;
    const { session } = await client.next("session.created");
    await become(client, desk);
    const first = (await turn(client)).response.usage?.total_tokens;
    await recorder.flush();
    const today = new Date().toISOString().slice(0, 10);
    const byAgent = async () => {
      const rows = await summariseUsage({ ctx, input: { from: today, to: today, by: "agent" } });
      return Object.fromEntries(rows.map(({ group, ...row }) => [group, row]));
    };
    const tokens = (row: Awaited<ReturnType<typeof byAgent>>[string] | undefined) =>
      row && row.inputTextTokens + row.inputAudioTokens + row.outputTextTokens + row.outputAudioTokens;
    const before = await byAgent();
    expect(before[""]).toMatchObject({ sessions: 0, responses: 0 });
    expect(before[desk]).toMatchObject({ sessions: 1, responses: 1, durationMs: 0 });
    expect(tokens(before[desk])).toBe(first);
    expect((await standingOf(db(), ctx.org)).spent.get(`agent ${desk}`)).toMatchObject({ sessions: 1 });
    // The second reply hands over, the third is the kitchen's.
    client.send({ type: "response.create" });
    expect((await client.next("response.output_text.done")).text).toBe("Hungry?");
    await client.next("response.done");
    await client.close();
    await recorder.flush();
    const after = await byAgent();
    expect(after[desk]).toMatchObject({ sessions: 0, responses: 2 });
    expect(after[kitchen]).toMatchObject({ sessions: 1, responses: 1 });
    expect(after[desk]?.durationMs).toBeGreaterThan(0);
    const find = async (agentId: string) => (await listSessions({ ctx, input: { agentId } })).items;
    expect(await find(kitchen)).toMatchObject([{ id: session.id, agentId: kitchen, agentVersion: 1 }]);
    expect(await find(desk)).toEqual([]);
  });
});
