"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { length } from "../../lib/format";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { type LiveSession, useLiveSessions } from "../../lib/use-live-sessions";
import { useNow } from "../../lib/use-now";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";

/** What runs now, as it comes and goes; nothing while nothing runs. */
export function LiveSessions() {
  const { sessions } = useLiveSessions();
  const now = useNow(1000);
  if (sessions === undefined || sessions.length === 0) return null;
  return (
    <Card title="Live now">
      <ul aria-label="Live sessions" className="-my-2.5 divide-y divide-line">
        {sessions.map((session) => (
          <LiveRow key={session.id} session={session} now={now} />
        ))}
      </ul>
    </Card>
  );
}

function LiveRow({ session, now }: { readonly session: LiveSession; readonly now: number }) {
  const trpc = useTRPC();
  const done = useDone();
  const may = useViewer().scopes.includes("sessions:write");
  const end = useMutation(
    trpc.sessions.end.mutationOptions({
      onSuccess: () => done([trpc.sessions.pathKey()], "The session is being ended."),
      onError: tellFailure,
    }),
  );
  return (
    <li className="flex items-center gap-3 py-2.5 text-sm">
      <Badge tone="good" live>
        live
      </Badge>
      <Link href={`/sessions/${session.id}`} className="min-w-0 flex-1 truncate rounded font-medium">
        {session.preview ?? session.model}
      </Link>
      <span className="text-ink-faint max-sm:hidden">{session.transport}</span>
      <span className="text-ink-faint tabular-nums">{length(Math.max(0, now - session.startedAt.getTime()))}</span>
      {may && (
        <Button
          look="danger-quiet"
          size="sm"
          busy={end.isPending}
          aria-label={`End ${session.preview ?? session.id}`}
          onClick={() => end.mutate({ id: session.id })}
        >
          End
        </Button>
      )}
    </li>
  );
}
