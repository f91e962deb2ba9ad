import { z } from "zod";
import { rateLimits } from "../../db/schema/index";
import { defineService } from "../service";
import { NO_LIMITS, NOTHING, savedLimits, spentOf, subjectOf } from "./standing";

export const DEFAULT_LIMITS = { requestsPerMinute: 100, tokensPerMinute: 10_000 } as const;

/** Limits that were set here or saved with an agent, and what of each is used; where nothing is set, `defaults` holds. */
export const listLimits = defineService({
  name: "limits.list",
  kind: "query",
  scope: "limits:read",
  input: z.void(),
  run: async ({ ctx, tx }) => {
    const spent = await spentOf(tx, ctx.org);
    const rows = await tx.select().from(rateLimits);
    const limits = rows.map(({ orgId: _org, ...limit }) => {
      const name = limit.subject === "organisation" ? subjectOf.organisation : `${limit.subject} ${limit.subjectId}`;
      return { ...limit, used: spent.get(name) ?? NOTHING };
    });
    const saved = [...(await savedLimits(tx, ctx.org))]
      .filter(([, own]) => Object.keys(NO_LIMITS).some((name) => own[name as keyof typeof own] !== null))
      .map(([agentId, own]) => ({ agentId, ...own, used: spent.get(subjectOf.agent(agentId)) ?? NOTHING }));
    return { defaults: DEFAULT_LIMITS, limits, saved };
  },
});
