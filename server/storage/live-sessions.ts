/** The sessions that run, for lists that watch them. */
import type { Logger } from "../../lib/logger";
import type { Services } from "../../lib/services/context";
import { listSessions } from "../../lib/services/sessions/list";
import type { SessionView } from "../../lib/services/sessions/view";
import { LiveFeed } from "./live-feed";

const MOST = 100;

/** Whoever watches was asked for their rights before: it is looked for all of them together. */
export function watchedSessions(services: Services, log: Pick<Logger, "warn">): LiveFeed<readonly SessionView[]> {
  const actor = { type: "system", name: "live sessions" } as const;
  const scopes = new Set(["sessions:read"] as const);
  return new LiveFeed({
    read: async (org) => {
      const ctx = { ...services, org, actor, role: null, scopes };
      return (await listSessions({ ctx, input: { status: "live", limit: MOST } })).items;
    },
    keyOf: (items) => JSON.stringify(items.map(({ seenAt: _seen, ...session }) => session)),
    onFault: (error) => log.warn("The live sessions could not be read; it is tried again.", error),
  });
}
