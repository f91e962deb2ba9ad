"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDownLeft, ArrowUpRight, Info } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { CopyButton } from "../copy-button";
import { Json } from "../json";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { Empty } from "../ui/empty";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";

type Event = Answers["sessions"]["events"]["items"][number];

/** Every event as it went over the wire, without audio. The server looks for types: there may be more than were loaded. */
export function RawEvents({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const [filter, setFilter] = useState("");
  const type = useDeferredValue(filter.trim());
  const events = useInfiniteQuery(
    trpc.sessions.events.infiniteQueryOptions(
      { id, limit: 500, ...(type !== "" && { type }) },
      { getNextPageParam: ({ nextAfter }) => nextAfter, placeholderData: (before) => before },
    ),
  );
  return (
    <Card flush>
      <Loaded query={events}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0 && filter === "")
            return <Empty title="No events were kept">Your organisation decides in Settings whether they are.</Empty>;
          return <EventList events={all} more={events.hasNextPage} filter={filter} onFilter={setFilter} />;
        }}
      </Loaded>
      {events.hasNextPage && (
        <div className="flex justify-center border-t border-line p-3">
          <Button busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Later events
          </Button>
        </div>
      )}
    </Card>
  );
}

interface EventListProps {
  readonly events: readonly Event[];
  /** There are more than these. */
  readonly more: boolean;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

function EventList({ events, more, filter, onFilter }: EventListProps) {
  return (
    <>
      <div className="flex items-center gap-3 px-5 pb-3">
        <Input
          type="search"
          aria-label="Filter events by type"
          placeholder="Filter by type"
          className="max-w-xs"
          value={filter}
          onChange={({ target }) => onFilter(target.value)}
        />
        <span role="status" className="text-xs whitespace-nowrap text-ink-faint tabular-nums">
          {events.length}
          {more && "+"}
        </span>
        <CopyButton
          label="Copy the events as JSON lines"
          className="ml-auto"
          text={() => events.map((event) => JSON.stringify(event)).join("\n")}
        />
      </div>
      {events.length === 0 ? (
        <p className="border-t border-line py-10 text-center text-sm text-ink-faint">No event has such a type.</p>
      ) : (
        <ol aria-label="Events" className="max-h-[36rem] overflow-y-auto border-t border-line py-1.5" tabIndex={0}>
          {events.map((event) => (
            <EventLine key={event.seq} event={event} />
          ))}
        </ol>
      )}
    </>
  );
}

const DIRECTIONS = {
  in: { icon: ArrowUpRight, words: "from the client" },
  out: { icon: ArrowDownLeft, words: "from the server" },
  note: { icon: Info, words: "note" },
} as const;

function EventLine({ event }: { readonly event: Event }) {
  const [open, setOpen] = useState(false);
  const { icon: Icon, words } = DIRECTIONS[event.direction];
  return (
    <li className="[contain-intrinsic-size:auto_2rem] [content-visibility:auto]">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 w-full items-center gap-3 px-5 text-left font-mono text-xs -outline-offset-2 hover:bg-sunken"
      >
        <span className="w-16 shrink-0 text-ink-faint tabular-nums">{(event.atMs / 1000).toFixed(3)}</span>
        <Icon className="size-3.5 shrink-0 text-ink-faint" aria-hidden="true" />
        <span className="sr-only">{words}</span>
        <span
          className={cn("truncate", (event.type === "error" || event.type.endsWith(".failed")) && "text-vermilion")}
        >
          {event.type}
        </span>
      </button>
      {open && (
        <pre
          tabIndex={0}
          aria-label={`JSON of ${event.type}`}
          className="mx-5 mb-2 max-h-96 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-5 text-ink-soft"
        >
          <Json text={JSON.stringify(event.payload, null, 2)} />
        </pre>
      )}
    </li>
  );
}
