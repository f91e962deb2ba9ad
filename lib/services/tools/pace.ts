import { and, count, eq, gte, inArray, sql } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { auditLog } from "../../db/schema/index";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";

const PER_MINUTE = 30;
export const TRIALS = { tool: "tools.run", listing: "mcpServers.listTools", mcpTool: "mcpServers.runTool" } as const;

/** Trying tools calls servers of others: nobody does that faster than by hand. The audit log has counted already. */
export async function requirePace(tx: Transaction, { org, actor }: ServiceContext): Promise<void> {
  const [row] = await tx
    .select({ tries: count() })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.orgId, org),
        gte(auditLog.at, sql`now() - interval '1 minute'`),
        inArray(auditLog.action, Object.values(TRIALS)),
        actor.type === "system" ? eq(auditLog.actorType, "system") : eq(auditLog.actorId, actor.id),
      ),
    );
  if ((row?.tries ?? 0) < PER_MINUTE) return;
  throw new ServiceError("rate_limited", "That was tried very often within a minute. Wait a moment.", {
    retryAfterSeconds: 60,
  });
}
