"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDownLeft, ArrowUpRight, Info } from "lucide-react";
import { useMemo, useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { CopyButton } from "../copy-button";
import { Json } from "../json";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";

type Event = Answers["sessions"]["events"]["items"][number];

/** Every event as it went over the wire, without audio. */
export function RawEvents({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const [filter, setFilter] = useState("");
  const events = useInfiniteQuery(
    trpc.sessions.events.infiniteQueryOptions({ id, limit: 500 }, { getNextPageParam: ({ nextAfter }) => nextAfter }),
  );
  return (
    <Card flush>
      <Loaded query={events}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0)
            return <Empty title="No events were kept">Your organisation decides in Settings whether they are.</Empty>;
          return <EventList events={all} filter={filter} onFilter={setFilter} />;
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
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

function EventList({ events, filter, onFilter }: EventListProps) {
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return wanted === "" ? events : events.filter(({ type }) => type.includes(wanted));
  }, [events, filter]);
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
        <span className="text-xs text-ink-faint tabular-nums">
          {shown.length === events.length ? events.length : `${shown.length} of ${events.length}`}
        </span>
        <CopyButton
          label="Copy the events as JSON lines"
          className="ml-auto"
          text={() => shown.map((event) => JSON.stringify(event)).join("\n")}
        />
      </div>
      <ol aria-label="Events" className="max-h-[36rem] overflow-y-auto border-t border-line py-1.5" tabIndex={0}>
        {shown.map((event) => (
          <EventLine key={event.seq} event={event} />
        ))}
      </ol>
    </>
  );
}

function EventLine({ event }: { readonly event: Event }) {
  const [open, setOpen] = useState(false);
  const Icon = event.direction === "in" ? ArrowUpRight : event.direction === "out" ? ArrowDownLeft : Info;
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
        <span className={event.type === "error" || event.type.endsWith(".failed") ? "text-vermilion" : ""}>
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
