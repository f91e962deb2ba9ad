"use client";
import { useDeferredValue, useMemo, useState } from "react";
import { type EventLog, filterLog, logAsText } from "../../lib/playground/event-log";
import { useStickToBottom } from "../../lib/use-stick-to-bottom";
import { IconButton } from "../ui/button";
import { CopyButton } from "../copy-button";
import { EventRow } from "./event-row";
import { SearchIcon, TrashIcon } from "../icons";

interface EventPanelProps {
  readonly log: EventLog;
  readonly onClear: () => void;
}

export function EventPanel({ log, onClear }: EventPanelProps) {
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query);
  const shown = useMemo(() => filterLog(log.entries, wanted), [log.entries, wanted]);
  const list = useStickToBottom<HTMLDivElement>(shown);
  const empty = log.entries.length === 0;
  return (
    <section aria-labelledby="events-title" className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-1 pr-2 pl-4 lg:pl-5">
        <h2 id="events-title" className="text-sm font-semibold">
          Events
        </h2>
        <span className="ml-2 text-xs text-ink-faint tabular-nums">
          {wanted.trim() === "" ? log.entries.length || "" : `${shown.length} of ${log.entries.length}`}
        </span>
        <span className="ml-auto flex">
          <CopyButton label="Copy the events as JSON lines" disabled={empty} text={() => logAsText(shown)} />
          <IconButton label="Clear the events" disabled={empty} onClick={onClear}>
            <TrashIcon />
          </IconButton>
        </span>
      </header>
      <div className="relative shrink-0 border-b border-line px-4 pb-3 lg:px-5">
        <SearchIcon className="pointer-events-none absolute top-2.5 left-7 text-ink-faint lg:left-8" />
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          aria-label="Filter events by text"
          placeholder="Filter by type or content"
          autoComplete="off"
          spellCheck={false}
          className="h-9 w-full rounded-full border border-line bg-paper pr-3 pl-9 text-sm placeholder:text-ink-faint hover:border-line-strong"
        />
      </div>
      <div
        ref={list}
        tabIndex={0}
        aria-label="Event list"
        role="region"
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {log.dropped > 0 && (
          <p className="px-4 py-2 text-xs text-ink-faint lg:px-5">
            {log.dropped} older events were let go to save memory.
          </p>
        )}
        {shown.length === 0 ? (
          <Empty filtered={!empty} />
        ) : (
          <ol className="py-1.5">
            {shown.map((entry) => (
              <EventRow key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

function Empty({ filtered }: { readonly filtered: boolean }) {
  return (
    <div className="px-8 py-14 text-center text-sm leading-6 text-ink-soft">
      {filtered ? (
        <p>No event contains that text.</p>
      ) : (
        <>
          <p className="font-medium text-ink">No events yet</p>
          <p className="mt-1">
            Every message between this page and the server will be listed here, in order. Streams of deltas share one
            line; open a line to read its JSON.
          </p>
        </>
      )}
    </div>
  );
}
