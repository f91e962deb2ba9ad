/** The job that sends what is due: signed, guarded, tried again with growing pauses, and everything written down. */
import { and, asc, eq, lte, sql } from "drizzle-orm";
import { webhookDeliveries, webhooks } from "../../db/schema/index";
import type { Services } from "../context";
import { webhookHeaders } from "./sign";

const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 7200, 21_600];
const AT_A_TIME = 20;
/** Longer than an attempt can take: should this process die in it, another one tries again. */
const LEASE_MINUTES = 2;

type Due = typeof webhookDeliveries.$inferSelect;

/** Returns how many were tried. Several processes may run it: each delivery is leased to one. */
export async function deliverWebhooks(services: Pick<Services, "db" | "seal" | "outbound">): Promise<number> {
  const due = await lease(services.db);
  await Promise.all(due.map((delivery) => attempt(services, delivery)));
  return due.length;
}

async function lease(db: Services["db"]): Promise<Due[]> {
  return db.system(async (tx) => {
    const ready = tx
      .select({ id: webhookDeliveries.id })
      .from(webhookDeliveries)
      .where(and(eq(webhookDeliveries.status, "pending"), lte(webhookDeliveries.nextAttemptAt, sql`now()`)))
      .orderBy(asc(webhookDeliveries.nextAttemptAt))
      .limit(AT_A_TIME)
      .for("update", { skipLocked: true });
    return tx
      .update(webhookDeliveries)
      .set({
        attempts: sql`${webhookDeliveries.attempts} + 1`,
        nextAttemptAt: sql`now() + make_interval(mins => ${LEASE_MINUTES})`,
      })
      .where(sql`${webhookDeliveries.id} in ${ready}`)
      .returning();
  });
}

async function attempt(services: Pick<Services, "db" | "seal" | "outbound">, delivery: Due): Promise<void> {
  const outcome = await send(services, delivery);
  const pause = PAUSES_SECONDS[delivery.attempts - 1];
  await services.db.system((tx) =>
    tx
      .update(webhookDeliveries)
      .set({
        lastStatus: outcome.status,
        lastError: outcome.error,
        ...(outcome.error === null
          ? { status: "delivered", deliveredAt: sql`now()`, nextAttemptAt: null }
          : pause === undefined
            ? { status: "failed", nextAttemptAt: null }
            : { nextAttemptAt: new Date(Date.now() + pause * 1000 * (0.8 + Math.random() * 0.4)) }),
      })
      .where(eq(webhookDeliveries.id, delivery.id)),
  );
}

interface Outcome {
  readonly status: number | null;
  readonly error: string | null;
}

async function send(
  { db, seal, outbound }: Pick<Services, "db" | "seal" | "outbound">,
  delivery: Due,
): Promise<Outcome> {
  const [webhook] = await db.system((tx) => tx.select().from(webhooks).where(eq(webhooks.id, delivery.webhookId)));
  if (!webhook?.enabled) return { status: null, error: "The webhook is switched off." };
  try {
    const body = JSON.stringify(delivery.payload);
    const signed = { id: delivery.messageId, timestamp: Math.floor(Date.now() / 1000), body };
    const response = await outbound.fetch(webhook.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "antiphon-webhooks",
        ...webhookHeaders(signed, seal.open(webhook.sealedSecret)),
      },
      body,
    });
    await response.body?.cancel();
    return { status: response.status, error: response.ok ? null : `The receiver answered ${response.status}.` };
  } catch (error) {
    return { status: null, error: (error instanceof Error ? error.message : String(error)).slice(0, 500) };
  }
}
