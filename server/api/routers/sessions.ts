import { setTimeout as delay } from "node:timers/promises";
import { endSession } from "../../../lib/services/sessions/end";
import { exportSession } from "../../../lib/services/sessions/export";
import { getSession } from "../../../lib/services/sessions/get";
import { listSessions } from "../../../lib/services/sessions/list";
import { listSessionEvents } from "../../../lib/services/sessions/list-events";
import { removeSession } from "../../../lib/services/sessions/remove";
import { mutation, query } from "../from-service";
import { member, router } from "../trpc";

/** How often the live sessions are looked at while somebody watches them. */
const LOOK_MS = 2_000;
const MOST_LIVE = 100;

export const sessionsRouter = router({
  list: query(listSessions),
  get: query(getSession),
  /** In pages: the cursor is the number of the last event. */
  events: member(listSessionEvents.scope)
    .input((value: unknown) => value as { id: string; limit?: number; cursor?: number | null })
    .query(({ ctx, input: { id, limit, cursor } }) =>
      listSessionEvents({
        ctx: ctx.service,
        input: { id, limit, ...(typeof cursor === "number" && { after: cursor }) },
      }),
    ),
  export: query(exportSession),
  end: mutation(endSession),
  remove: mutation(removeSession),
  /** The running sessions, told anew whenever something about them changed. */
  live: member(listSessions.scope).subscription(async function* ({ ctx, signal }) {
    let told: string | undefined;
    while (signal?.aborted !== true) {
      const { items } = await listSessions({ ctx: ctx.service, input: { status: "live", limit: MOST_LIVE } });
      const seen = JSON.stringify(items.map(({ seenAt: _seen, ...session }) => session));
      if (seen !== told) yield items;
      told = seen;
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }),
});
