import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { webhookDeliveries, webhooks } from "../../db/schema/index";
import { newId } from "../../ids";
import type { WebhookEvent } from "./events";

export interface WebhookMessage {
  readonly type: WebhookEvent;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Puts a message on its way to every webhook that wants it, with the transaction that it tells of. Returns to how many. */
export async function enqueueWebhooks(tx: Transaction, org: string, { type, data }: WebhookMessage): Promise<number> {
  const wanting = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.orgId, org), eq(webhooks.enabled, true), sql`${type} = any(${webhooks.events})`));
  if (wanting.length === 0) return 0;
  const messageId = newId("message");
  const now = new Date();
  await tx.insert(webhookDeliveries).values(
    wanting.map(({ id }) => ({
      id: newId("delivery"),
      orgId: org,
      webhookId: id,
      messageId,
      event: type,
      payload: { type, timestamp: now.toISOString(), data },
      status: "pending" as const,
      nextAttemptAt: now,
    })),
  );
  return wanting.length;
}
