"use client";
import { moment, relative } from "../../lib/format";

/** A moment in the reader's own time zone, which only the browser knows. */
export function Time({ at, ago = false }: { readonly at: Date; readonly ago?: boolean }) {
  return (
    <time
      dateTime={at.toISOString()}
      title={at.toLocaleString()}
      suppressHydrationWarning
      className="whitespace-nowrap tabular-nums"
    >
      {ago ? relative(at) : moment(at)}
    </time>
  );
}
