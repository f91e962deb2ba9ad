/** The job that compares budgets with what was spent, and tells the webhooks once for each period. */
import { and, eq } from "drizzle-orm";
import { budgets } from "../../db/schema/index";
import type { Services } from "../context";
import { enqueueWebhooks } from "../webhooks/enqueue";
import { periodStart, spentSince } from "./list";

/** Returns how many alerts were raised. */
export async function checkBudgets({ db, notify }: Pick<Services, "db" | "notify">, now = new Date()): Promise<number> {
  const all = await db.system((tx) => tx.select().from(budgets).where(eq(budgets.enabled, true)));
  let raised = 0;
  for (const { id, orgId, period } of all) {
    const since = periodStart(period, now);
    const told = await db.tenant(orgId, async (tx) => {
      const [budget] = await tx
        .select()
        .from(budgets)
        .where(and(eq(budgets.id, id), eq(budgets.enabled, true)))
        .for("update");
      if (!budget || budget.alertedFor === since) return false;
      const spentMicros = await spentSince(tx, orgId, since);
      if (spentMicros < budget.amountMicros * budget.alertAt) return false;
      await tx.update(budgets).set({ alertedFor: since, alertedAt: now }).where(eq(budgets.id, id));
      const { name, amountMicros, alertAt } = budget;
      await enqueueWebhooks(tx, orgId, {
        type: "budget.alert",
        data: {
          budget_id: id,
          name,
          period,
          since,
          amount_micros: amountMicros,
          spent_micros: spentMicros,
          alert_at: alertAt,
        },
      });
      return true;
    });
    if (!told) continue;
    raised += 1;
    notify?.({ type: "webhook.queued", org: orgId });
  }
  return raised;
}
