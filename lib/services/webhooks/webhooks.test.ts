import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { webhookDeliveries } from "../../db/schema/index";
import { describeDatabase } from "../../db/testing/database";
import { checkBudgets } from "../budgets/check";
import { listBudgets, periodStart } from "../budgets/list";
import { saveBudget } from "../budgets/save";
import { usage } from "../../db/schema/index";
import { seedMember, seedServices, type SeededServices } from "../testing/seed";
import { createWebhook } from "./create";
import { deliverWebhooks } from "./deliver";
import { enqueueWebhooks } from "./enqueue";
import { listWebhooks } from "./list";
import { listDeliveries } from "./list-deliveries";
import { redeliver } from "./redeliver";
import { rotateWebhookSecret } from "./rotate-secret";
import { updateWebhook } from "./update";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
const received: Received[] = [];
let answer = 200;
const server = createServer((req, res) => {
  void req.toArray().then((chunks) => {
    received.push({ headers: req.headers, body: Buffer.concat(chunks as Buffer[]).toString() });
    res.writeHead(answer).end("thanks");
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(() => void server.close());

const message = { type: "session.ended", data: { session_id: "sess_1" } } as const;

describeDatabase("webhooks", (db) => {
  const rig = async (status = 200) => {
    answer = status;
    received.length = 0;
    const services: SeededServices = seedServices(db());
    const ctx = await seedMember(services);
    const made = await createWebhook({ ctx, input: { url, events: ["session.ended", "budget.alert"] } });
    return { services, ctx, ...made };
  };
  const due = (orgId: string) =>
    db().system((tx) =>
      tx
        .update(webhookDeliveries)
        .set({ nextAttemptAt: sql`now()` })
        .where(eq(webhookDeliveries.orgId, orgId)),
    );

  it("are signed so that the standard's libraries can check them", async () => {
    const { ctx, services, secret } = await rig();
    expect(JSON.stringify(await listWebhooks({ ctx, input: undefined }))).not.toContain(secret);
    expect(await db().tenant(ctx.org, (tx) => enqueueWebhooks(tx, ctx.org, message))).toBe(1);
    await deliverWebhooks(services);
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(JSON.parse(body)).toMatchObject(message);
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    const { items } = await listDeliveries({ ctx, input: {} });
    expect(items).toMatchObject([
      { status: "delivered", attempts: 1, lastStatus: 200, messageId: headers["webhook-id"] },
    ]);
    expect((await rotateWebhookSecret({ ctx, input: { id: items[0]?.webhookId ?? "" } })).secret).not.toBe(secret);
  });

  it("are tried again with growing pauses, under the same id, and given up in the end", async () => {
    const { ctx, services } = await rig(500);
    await db().tenant(ctx.org, (tx) => enqueueWebhooks(tx, ctx.org, message));
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      await deliverWebhooks(services);
      const [item] = (await listDeliveries({ ctx, input: {} })).items;
      if (item?.nextAttemptAt) pauses.push(item.nextAttemptAt.getTime() - Date.now());
      await due(ctx.org);
    }
    expect(pauses).toHaveLength(7);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const [failed] = (await listDeliveries({ ctx, input: { status: "failed" } })).items;
    expect(failed).toMatchObject({ attempts: 8, lastStatus: 500, lastError: "The receiver answered 500." });
    answer = 204;
    await redeliver({ ctx, input: { id: failed?.id ?? "" } });
    await deliverWebhooks(services);
    expect((await listDeliveries({ ctx, input: { status: "delivered" } })).items).toHaveLength(1);
  });

  it("go out once, however many processes send", async () => {
    const { ctx, services } = await rig();
    for (let i = 0; i < 6; i += 1) await db().tenant(ctx.org, (tx) => enqueueWebhooks(tx, ctx.org, message));
    await Promise.all([1, 2, 3].map(() => deliverWebhooks(services)));
    expect(received).toHaveLength(6);
  });

  it("are not sent when nobody wants them, nor when switched off meanwhile", async () => {
    const { ctx, services, id } = await rig();
    expect(await db().tenant(ctx.org, (tx) => enqueueWebhooks(tx, ctx.org, { ...message, type: "key.revoked" }))).toBe(
      0,
    );
    await db().tenant(ctx.org, (tx) => enqueueWebhooks(tx, ctx.org, message));
    await updateWebhook({ ctx, input: { id, url, events: ["session.ended"], enabled: false } });
    await deliverWebhooks(services);
    expect(received).toEqual([]);
    expect((await listDeliveries({ ctx, input: {} })).items).toMatchObject([
      { lastError: "The webhook is switched off." },
    ]);
  });

  it("tell once a period that a budget runs out", async () => {
    const { ctx, services } = await rig();
    await saveBudget({ ctx, input: { name: "May", period: "month", amountMicros: 1_000, alertAt: 0.5 } });
    const spend = (costMicros: number) =>
      db().tenant(ctx.org, (tx) =>
        tx
          .insert(usage)
          .values({ orgId: ctx.org, day: periodStart("day"), model: "m", costMicros })
          .onConflictDoUpdate({
            target: [usage.orgId, usage.day, usage.keyId, usage.agentId, usage.model],
            set: { costMicros },
          }),
      );
    await spend(499);
    await checkBudgets(services);
    expect((await listDeliveries({ ctx, input: {} })).items).toEqual([]);
    await spend(500);
    await Promise.all([checkBudgets(services), checkBudgets(services)]);
    await checkBudgets(services);
    const { items } = await listDeliveries({ ctx, input: {} });
    expect(items.map(({ payload }) => payload)).toMatchObject([
      { type: "budget.alert", data: { name: "May", spent_micros: 500, amount_micros: 1_000 } },
    ]);
    expect(await listBudgets({ ctx, input: undefined })).toMatchObject([{ spentMicros: 500 }]);
  });
});
