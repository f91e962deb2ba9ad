/** What the REST route shows of sessions that have ended. */
import type { Database } from "../../lib/db/client";
import { endedSession, endedSessions, type EndedSession } from "../../lib/services/sessions/archive";
import type { Item } from "../realtime/protocol/items";
import type { ResponseUsage } from "../realtime/protocol/responses";
import type { ArchivedSession, SessionArchive } from "../realtime/live/session-archive";
import { addUsage, noUsage } from "../realtime/live/session-usage";

export function databaseArchive(db: Database): SessionArchive {
  return {
    list: async ({ tenant, before, limit }) => {
      const after = before && { startedAt: new Date(before.startedAt), id: before.sessionId };
      return (await endedSessions(db, { org: tenant, before: after, limit })).map(toArchived);
    },
    find: async ({ tenant, sessionId }) => {
      const found = await endedSession(db, { org: tenant, id: sessionId });
      // Where words are not kept, there is an item without content: nothing to show.
      const items = found?.items.filter((item): item is Item => Object.keys(item as object).length > 0) ?? [];
      return found && { ...toArchived(found), items };
    },
  };
}

function toArchived({ id, startedAt, endedAt, inputTokens, outputTokens, ...rest }: EndedSession): ArchivedSession {
  const { usages, ...session } = rest;
  // The recorder wrote them as they came.
  const answered = usages.reduce<ResponseUsage>((sum, usage) => addUsage(sum, usage as ResponseUsage), noUsage());
  // Of what was used outside of responses, only the sum is kept.
  const total = { total_tokens: inputTokens + outputTokens, input_tokens: inputTokens, output_tokens: outputTokens };
  return {
    ...session,
    sessionId: id,
    startedAt: startedAt.getTime(),
    endedAt: endedAt.getTime(),
    usage: usages.length > 0 ? answered : { ...answered, ...total },
  };
}
