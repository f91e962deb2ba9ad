"use client";
import Link from "next/link";
import { length } from "../../lib/format";
import { useLiveSessions } from "../../lib/use-live-sessions";
import { useNow } from "../../lib/use-now";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";

/** The sessions that run; nothing while there are none. */
export function LiveNow() {
  const { sessions } = useLiveSessions();
  const now = useNow(1000);
  if (sessions === undefined || sessions.length === 0) return null;
  return (
    <Card title="Live now">
      <ul className="-my-2.5 divide-y divide-line">
        {sessions.slice(0, 8).map((session) => (
          <li key={session.id}>
            <Link href={`/sessions/${session.id}`} className="flex items-center gap-3 rounded-lg py-2.5 text-sm">
              <Badge tone="good" live>
                live
              </Badge>
              <span className="min-w-0 flex-1 truncate">{session.preview ?? session.model}</span>
              <span className="text-ink-faint tabular-nums">{length(now - session.startedAt.getTime())}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
