"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { type Answers, useTRPC } from "../../lib/trpc";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { NotAllowed } from "../ui/not-allowed";
import { Page } from "../ui/page-frame";
import { SimpleTable } from "../ui/simple-table";
import { Time } from "../ui/time";

type Entry = Answers["audit"]["list"]["items"][number];

export function Audit() {
  const may = useViewer().scopes.includes("audit:read");
  return (
    <Page
      title="Audit log"
      description="Every change in this organisation: what, by whom, from where. Nothing here can be changed or removed."
    >
      {may ? <Entries /> : <NotAllowed who="an admin or an owner" />}
    </Page>
  );
}

function Entries() {
  const trpc = useTRPC();
  const [action, setAction] = useQueryState("action", parseAsString.withDefault(""));
  const entries = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { limit: 50, ...(action === "" ? {} : { action }) },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  return (
    <div className="grid gap-4">
      <Input
        type="search"
        aria-label="Filter by action"
        placeholder="Filter by action, for example keys.revoke"
        className="max-w-sm"
        value={action}
        onChange={({ target }) => void setAction(target.value === "" ? null : target.value)}
      />
      <Card flush>
        <Loaded query={entries}>
          {({ pages }) => {
            const rows = pages.flatMap(({ items }) => items);
            return rows.length === 0 ? (
              <Empty icon={ScrollText} title={action === "" ? "Nothing yet" : "Nothing of that name"}>
                Changes of keys, agents, people and settings are listed here, the newest first.
              </Empty>
            ) : (
              <SimpleTable label="Audit log" rows={rows} columns={COLUMNS} rowId={({ id }) => id} />
            );
          }}
        </Loaded>
      </Card>
      {entries.hasNextPage && (
        <Button
          className="justify-self-center"
          busy={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          Older entries
        </Button>
      )}
    </div>
  );
}

interface Cell {
  readonly row: { readonly original: Entry };
}

const COLUMNS = [
  { header: "When", cell: ({ row: { original } }: Cell) => <Time at={original.at} /> },
  {
    header: "Who",
    cell: ({ row: { original } }: Cell) => (
      <span className="grid">
        <span>{original.actor}</span>
        <span className="text-xs text-ink-faint">{original.ip ?? original.actorType}</span>
      </span>
    ),
  },
  {
    header: "What",
    cell: ({ row: { original } }: Cell) => <code className="font-mono text-[0.8125rem]">{original.action}</code>,
  },
  {
    header: "On",
    meta: { wide: true },
    cell: ({ row: { original } }: Cell) =>
      original.targetId !== null && (
        <span className="font-mono text-xs text-ink-soft">
          {original.targetType} {original.targetId}
        </span>
      ),
  },
  {
    header: "Details",
    meta: { wide: true, className: "max-w-80" },
    cell: ({ row: { original } }: Cell) => {
      const text = JSON.stringify(original.details);
      return (
        text !== "{}" && (
          <code title={text} className="block truncate font-mono text-xs text-ink-faint">
            {text}
          </code>
        )
      );
    },
  },
];
