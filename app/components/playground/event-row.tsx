"use client";
import { memo, useState } from "react";
import type { LogEntry } from "../../lib/playground/event-log";
import { clock, size } from "../../lib/format";
import { CopyButton } from "../copy-button";
import { ReceivedIcon, SentIcon } from "../icons";
import { Json } from "../json";

/** One line of the log; it opens to the event's JSON. */
export const EventRow = memo(function EventRow({ entry }: { readonly entry: LogEntry }) {
  const [open, setOpen] = useState(false);
  const sent = entry.direction === "sent";
  const failed = entry.type === "error" || entry.type.endsWith(".failed");
  return (
    <li className="[contain-intrinsic-size:auto_2rem] [content-visibility:auto]">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 w-full items-center gap-2.5 px-4 text-left font-mono text-xs -outline-offset-2 hover:bg-sunken lg:px-5"
      >
        <time dateTime={new Date(entry.at).toISOString()} className="shrink-0 text-ink-faint tabular-nums">
          {clock(entry.at)}
        </time>
        {sent ? (
          <SentIcon className="size-3.5 shrink-0 text-accent" />
        ) : (
          <ReceivedIcon className="size-3.5 shrink-0 text-leaf" />
        )}
        <span className="sr-only">{sent ? "sent" : "received"}</span>
        <span className={`truncate ${failed ? "text-vermilion" : sent ? "text-accent" : "text-ink"}`}>
          {entry.type}
        </span>
        {entry.count > 1 && (
          <span className="ml-auto shrink-0 rounded-full bg-sunken px-1.5 py-0.5 text-ink-faint tabular-nums">
            ×{entry.count}
            <span className="sr-only"> deltas</span>
          </span>
        )}
      </button>
      {open && <Details entry={entry} />}
    </li>
  );
});

function Details({ entry }: { readonly entry: LogEntry }) {
  const text = JSON.stringify(entry.event, null, 2);
  return (
    <div className="relative mx-4 mt-0.5 mb-2 rounded-lg border border-line bg-sunken lg:mx-5">
      <CopyButton label="Copy this event" text={() => text} className="absolute top-0 right-0.5" />
      <p className="border-b border-line py-2 pr-11 pl-3 text-xs leading-5 text-ink-soft">
        {new Date(entry.at).toLocaleTimeString()}, {size(entry.size)}
        {entry.count > 1 &&
          ` in ${entry.count} events within ${Math.round(entry.lastAt - entry.at)} ms; the last one is shown`}
        {entry.words !== undefined && entry.count > 1 && <q className="mt-1 block text-ink">{entry.words}</q>}
      </p>
      <pre
        tabIndex={0}
        aria-label={`JSON of ${entry.type}`}
        className="max-h-96 overflow-auto p-3 font-mono text-xs leading-5 text-ink-soft"
      >
        <Json text={text} />
      </pre>
    </div>
  );
}
