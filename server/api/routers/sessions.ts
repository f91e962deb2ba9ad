import { endSession } from "../../../lib/services/sessions/end";
import { exportSession } from "../../../lib/services/sessions/export";
import { getSession } from "../../../lib/services/sessions/get";
import { listSessions } from "../../../lib/services/sessions/list";
import { listSessionEvents } from "../../../lib/services/sessions/list-events";
import { removeSession } from "../../../lib/services/sessions/remove";
import { mutation, query } from "../from-service";
import { member, router } from "../trpc";
import { whileMember } from "../while-member";

export const sessionsRouter = router({
  list: query(listSessions),
  get: query(getSession),
  /** In pages: the cursor is the number of the last event. */
  events: member(listSessionEvents.scope)
    .input((value: unknown) => value as { id: string; type?: string; limit?: number; cursor?: number | null })
    .query(({ ctx, input: { cursor, ...input } }) =>
      listSessionEvents({
        ctx: ctx.service,
        input: { ...input, ...(typeof cursor === "number" && { after: cursor }) },
      }),
    ),
  export: query(exportSession),
  end: mutation(endSession),
  remove: mutation(removeSession),
  /** The running sessions, told anew whenever something about them changed. */
  live: member(listSessions.scope).subscription(async function* ({ ctx, signal }) {
    const { id: org } = ctx.login.organisation;
    yield* whileMember({ again: ctx.again, org, scope: listSessions.scope }, ctx.watchLive(org, signal));
  }),
});
