"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { MessageSquareQuote } from "lucide-react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { SimpleTable } from "../ui/simple-table";
import { LiveSessions } from "./live-sessions";
import { SESSION_COLUMNS } from "./session-columns";
import { SessionFilters } from "./session-filters";
import { useSessionFilters } from "./use-session-filters";

export type Session = Answers["sessions"]["list"]["items"][number];

export function Sessions() {
  const trpc = useTRPC();
  const { filters, isFiltered, clear } = useSessionFilters();
  const sessions = useInfiniteQuery(
    trpc.sessions.list.infiniteQueryOptions(
      { limit: 50, ...filters },
      { getNextPageParam: ({ nextCursor }) => nextCursor, placeholderData: (before) => before },
    ),
  );
  return (
    <Page title="Sessions" description="Every conversation: what was said, how long each reply took, and what it cost.">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <LiveSessions />
        <SessionFilters />
        <Card flush>
          <Loaded query={sessions}>
            {({ pages }) => {
              const rows = pages.flatMap(({ items }) => items);
              if (rows.length > 0)
                return <SimpleTable label="Sessions" rows={rows} columns={SESSION_COLUMNS} rowId={({ id }) => id} />;
              return isFiltered ? (
                <Empty
                  icon={MessageSquareQuote}
                  title="No session is like that"
                  action={<Button onClick={clear}>Clear the filters</Button>}
                >
                  Search finds whole words of what was said. Put words into quotes to find them side by side.
                </Empty>
              ) : (
                <Empty
                  icon={MessageSquareQuote}
                  title="No conversations yet"
                  action={
                    <ButtonLink href="/playground" look="primary">
                      Talk in the playground
                    </ButtonLink>
                  }
                >
                  Each one is listed here as soon as it begins, wherever it comes from.
                </Empty>
              );
            }}
          </Loaded>
        </Card>
        {sessions.hasNextPage && (
          <Button
            className="justify-self-center"
            busy={sessions.isFetchingNextPage}
            onClick={() => void sessions.fetchNextPage()}
          >
            Older sessions
          </Button>
        )}
      </div>
    </Page>
  );
}
