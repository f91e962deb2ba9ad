import { AudioLines } from "lucide-react";
import Link from "next/link";
import { compact, duration, length, money } from "../../lib/format";
import { Badge } from "../ui/badge";
import { Time } from "../ui/time";
import type { Session } from "./sessions";

interface Cell {
  readonly row: { readonly original: Session };
}

export const SESSION_COLUMNS = [
  {
    header: "Conversation",
    meta: { className: "max-w-96" },
    cell: ({ row: { original: session } }: Cell) => (
      <Link href={`/sessions/${session.id}`} className="block min-w-0 rounded">
        <span className="block truncate font-medium">{session.preview ?? "Nothing was said"}</span>
        <span className="block truncate font-mono text-xs text-ink-faint max-md:hidden">{session.id}</span>
        <span className="mt-0.5 flex items-center gap-2 text-xs text-ink-faint md:hidden">
          <Time at={session.startedAt} />
          <State session={session} />
        </span>
      </Link>
    ),
  },
  {
    header: "Began",
    meta: { wide: true },
    cell: ({ row: { original: session } }: Cell) => <Time at={session.startedAt} />,
  },
  {
    header: "State",
    meta: { wide: true },
    cell: ({ row: { original: session } }: Cell) => <State session={session} />,
  },
  {
    header: "Length",
    meta: { wide: true, className: "text-right tabular-nums" },
    cell: ({ row: { original: session } }: Cell) => length(session.durationMs ?? 0),
  },
  {
    header: "Heard after",
    meta: { wide: true, className: "text-right tabular-nums" },
    cell: ({ row: { original: session } }: Cell) =>
      session.heardMs === null ? <span className="text-ink-faint">–</span> : duration(session.heardMs),
  },
  {
    header: "Tokens",
    meta: { wide: true, className: "text-right tabular-nums" },
    cell: ({ row: { original: session } }: Cell) => compact(session.inputTokens + session.outputTokens),
  },
  {
    header: "Cost",
    meta: { wide: true, className: "text-right tabular-nums" },
    cell: ({ row: { original: session } }: Cell) => money(session.costMicros),
  },
];

function State({ session }: { readonly session: Session }) {
  return (
    <span className="flex items-center gap-1.5">
      <StateBadge session={session} />
      {session.hasAudio && <AudioLines className="size-4 text-ink-faint" role="img" aria-label="with audio" />}
    </span>
  );
}

export function StateBadge({ session }: { readonly session: Pick<Session, "status" | "errors"> }) {
  if (session.status === "live")
    return (
      <Badge tone="good" live>
        live
      </Badge>
    );
  return session.errors > 0 ? (
    <Badge tone="bad">{session.errors === 1 ? "1 error" : `${session.errors} errors`}</Badge>
  ) : (
    <Badge>ended</Badge>
  );
}
