import { z } from "zod";
import { rateLimits } from "../../db/schema/index";
import { defineService } from "../service";

export const DEFAULT_LIMITS = { requestsPerMinute: 100, tokensPerMinute: 10_000 } as const;

/** Limits that were set; where nothing is, `defaults` holds. */
export const listLimits = defineService({
  name: "limits.list",
  kind: "query",
  scope: "limits:read",
  input: z.void(),
  run: async ({ tx }) => {
    const rows = await tx.select().from(rateLimits);
    return { defaults: DEFAULT_LIMITS, limits: rows.map(({ orgId: _org, ...limit }) => limit) };
  },
});
