/** What the REST routes show and end of sessions that this server does not hold: they have ended, or run at another one. */
import type { Services } from "../../lib/services/context";
import { ServiceError } from "../../lib/services/errors";
import { keyActor } from "../../lib/services/keys/actor";
import {
  liveSessionId,
  writtenSession,
  writtenSessions,
  type WrittenSession,
} from "../../lib/services/sessions/archive";
import { endSession } from "../../lib/services/sessions/end";
import type { Recorder } from "../observers/recorder";
import type { Item } from "../realtime/protocol/items";
import type { ResponseUsage } from "../realtime/protocol/responses";
import type { SessionResource } from "../realtime/protocol/session-resource";
import type { ArchivedSession, SessionArchive } from "../realtime/live/session-archive";
import { addUsage, noUsage } from "../realtime/live/session-usage";

const MAY_END = new Set(["sessions:write"] as const);

/** What has ended here a moment ago is written down first, so that it is not taken for one that runs elsewhere. */
export function databaseArchive(services: Services, recorder: Pick<Recorder, "flush">): SessionArchive {
  const { db } = services;
  return {
    list: async ({ tenant, status, before, limit }) => {
      await recorder.flush();
      const after = before && { startedAt: new Date(before.startedAt), id: before.sessionId };
      return (await writtenSessions(db, { org: tenant, status, before: after, limit })).map(toArchived);
    },
    find: async ({ tenant, sessionId }) => {
      await recorder.flush();
      const found = await writtenSession(db, { org: tenant, id: sessionId });
      if (found === undefined) return undefined;
      // Where words are not kept, there is an item without content: nothing to show.
      const items = found.items.filter((item): item is Item => Object.keys(item as object).length > 0);
      return { ...toArchived(found), items, session: (found.config ?? undefined) as SessionResource | undefined };
    },
    end: async ({ tenant, sessionId, keyId }) => {
      await recorder.flush();
      const id = await liveSessionId(db, { org: tenant, id: sessionId });
      if (id === undefined) return undefined;
      const ctx = { ...services, org: tenant, actor: await keyActor(db, tenant, keyId), role: null, scopes: MAY_END };
      try {
        await endSession({ ctx, input: { id } });
        return id;
      } catch (error) {
        // It ended meanwhile.
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    },
  };
}

function toArchived(written: WrittenSession): ArchivedSession {
  const { id, callId, conversationId, model, transport, startedAt, endedAt, usages } = written;
  const { inputTokens, outputTokens } = written;
  // The recorder wrote them as they came.
  const answered = usages.reduce<ResponseUsage>((sum, usage) => addUsage(sum, usage as ResponseUsage), noUsage());
  // Of what was used outside of responses, only the sum is kept.
  const total = { total_tokens: inputTokens + outputTokens, input_tokens: inputTokens, output_tokens: outputTokens };
  return {
    sessionId: id,
    ...(callId !== null && { callId }),
    conversationId,
    model,
    transport,
    startedAt: startedAt.getTime(),
    endedAt: endedAt?.getTime(),
    usage: usages.length > 0 ? answered : { ...answered, ...total },
  };
}
