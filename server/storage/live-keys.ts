/** Ends the sessions of keys that count no more: at once where the key was revoked, soon where another server did it. */
import type { Services } from "../../lib/services/context";
import { endedKeys } from "../../lib/services/keys/verify";
import { endRequested } from "../../lib/services/sessions/life";
import type { LiveSessions } from "../realtime/live/session-registry";

export const REVOKED = "key_revoked";

export function endSessionsOfKey(sessions: LiveSessions, { org, keyId }: { org: string; keyId: string }): void {
  for (const session of sessions.list({ tenant: org }))
    if (session.keyId === keyId) sessions.end(session.sessionId, REVOKED);
}

/** For a job: ends those here that were ended in the dashboard, at whatever server that was. */
export async function endRequestedSessions({ db }: Pick<Services, "db">, sessions: LiveSessions): Promise<void> {
  for (const id of await endRequested(
    db,
    sessions.list().map(({ sessionId }) => sessionId),
  ))
    sessions.end(id);
}

/** For a job: looks for revoked and expired keys among those that have sessions here. */
export async function endSessionsOfEndedKeys(services: Pick<Services, "db">, sessions: LiveSessions): Promise<void> {
  const live = sessions.list();
  const keyIds = new Set(live.flatMap(({ keyId }) => keyId ?? []));
  const ended = new Set(await endedKeys(services, [...keyIds]));
  for (const { keyId, sessionId } of live)
    if (keyId !== undefined && ended.has(keyId)) sessions.end(sessionId, REVOKED);
}
