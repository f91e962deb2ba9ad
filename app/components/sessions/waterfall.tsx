"use client";
import { ChevronRight, Wrench } from "lucide-react";
import { useMemo } from "react";
import { duration, length } from "../../lib/format";
import { type Span, type Stage, shownMs, STAGES, type Turn, type TurnRow, turnsOf } from "../../lib/session/turns";
import { ticksFor } from "../../lib/ticks";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { Empty } from "../ui/empty";
import type { Detail } from "./session-detail";
import { ToolCallParts } from "./tool-call-view";

type Response = Detail["responses"][number];
type Row = TurnRow<Response>;

const FILLS: Readonly<Record<Stage | "Tool", string>> = {
  Understanding: "var(--gold)",
  Starting: "var(--line-strong)",
  Thinking: "var(--accent-fill)",
  Writing: "color-mix(in oklch, var(--accent-fill) 45%, var(--surface))",
  "First sound": "var(--leaf)",
  Speaking: "var(--vermilion-fill)",
  Tool: "color-mix(in oklch, var(--gold) 45%, var(--surface))",
};

/** Which part of the row is the drawing. */
const COLUMNS = "grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)] sm:items-center";

/** Turn by turn, from the end of what was said: what people waited for, and how long. */
export function Waterfall({ detail }: { readonly detail: Detail }) {
  const turns = useMemo(() => turnsOf(detail), [detail]);
  if (turns.length === 0)
    return (
      <Card>
        <Empty title="No reply yet">
          Each reply is shown here with the time that went into understanding, thinking, tools and speaking.
        </Empty>
      </Card>
    );
  const widthMs = shownMs(turns);
  const ticks = ticksFor(widthMs, { about: 4 }).filter((tick) => tick <= widthMs);
  return (
    <Card>
      <Legend />
      <Axis ticks={ticks} widthMs={widthMs} />
      <ol aria-label="Turns" className="grid grid-cols-[minmax(0,1fr)] divide-y divide-line">
        {turns.map((turn) => (
          <TurnView key={turn.key} turn={turn} scale={{ ticks, widthMs }} />
        ))}
      </ol>
    </Card>
  );
}

function Legend() {
  return (
    <ul aria-label="Colours" className="flex flex-wrap gap-x-5 gap-y-1.5 text-xs text-ink-soft">
      {[...STAGES, "Tool" as const].map((label) => (
        <li key={label} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: FILLS[label] }} />
          {label}
        </li>
      ))}
    </ul>
  );
}

interface Scale {
  readonly ticks: readonly number[];
  readonly widthMs: number;
}

function Axis({ ticks, widthMs }: Scale) {
  return (
    <div aria-hidden="true" className={`${COLUMNS} mt-4 text-[0.6875rem] text-ink-faint tabular-nums`}>
      <span className="max-sm:hidden" />
      <span className="relative block h-5">
        {ticks.map((tick) => (
          <span
            key={tick}
            className="absolute whitespace-nowrap"
            style={{ left: `${(tick / widthMs) * 100}%`, translate: tick === 0 ? undefined : "-50%" }}
          >
            {tick === 0 ? "0" : duration(tick)}
          </span>
        ))}
      </span>
    </div>
  );
}

interface TurnViewProps {
  readonly turn: Turn<Response>;
  readonly scale: Scale;
}

function TurnView({ turn, scale }: TurnViewProps) {
  return (
    <li className="py-3 [contain-intrinsic-size:auto_5rem] [content-visibility:auto]">
      <p className="mb-1.5 flex gap-3 text-sm">
        <span className="pt-0.5 text-xs text-ink-faint tabular-nums">{length(turn.startMs)}</span>
        <span className="truncate font-medium">{turn.said === "" ? "Without words of the user" : turn.said}</span>
      </p>
      <ol className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
        {turn.rows.map((row) => (
          <li key={row.kind === "tool" ? row.call.id : row.response.id}>
            {row.kind === "tool" ? (
              <ToolRow row={row} startMs={turn.startMs} scale={scale} />
            ) : (
              <ReplyRow row={row} startMs={turn.startMs} scale={scale} />
            )}
          </li>
        ))}
      </ol>
    </li>
  );
}

interface RowProps<K extends Row["kind"]> {
  readonly row: Extract<Row, { kind: K }>;
  readonly startMs: number;
  readonly scale: Scale;
}

function ReplyRow({ row: { response, spans }, startMs, scale }: RowProps<"reply">) {
  const { heardMs, status } = response;
  return (
    <div className={COLUMNS}>
      <span className="flex min-w-0 items-center gap-2 text-xs text-ink-soft tabular-nums">
        {heardMs === null ? "Reply" : `${duration(heardMs)} to hear`}
        {status !== "completed" && <Badge tone={status === "failed" ? "bad" : "neutral"}>{status}</Badge>}
      </span>
      <Bar spans={spans} startMs={startMs} scale={scale} />
    </div>
  );
}

/** Opens to show what it was given and what came of it. */
function ToolRow({ row: { call, fromMs, toMs }, startMs, scale }: RowProps<"tool">) {
  return (
    <details className="group">
      <summary className={`${COLUMNS} list-none rounded-md [&::-webkit-details-marker]:hidden`}>
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-soft">
          <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 transition-transform group-open:rotate-90" />
          <Wrench aria-hidden="true" className="size-3 shrink-0 text-gold" />
          <code className="truncate font-mono">{call.name}</code>
          {call.error !== undefined && <Badge tone="bad">failed</Badge>}
          {call.error === undefined && call.toMs === undefined && <Badge tone="warn">no answer</Badge>}
        </span>
        <Bar spans={[{ label: "Tool", fromMs, toMs }]} startMs={startMs} scale={scale} />
      </summary>
      <div className="mt-1.5 mb-2 overflow-hidden rounded-xl border border-line [&>dl]:border-t-0">
        <ToolCallParts call={call} />
      </div>
    </details>
  );
}

interface BarProps {
  readonly spans: readonly Span<Stage | "Tool">[];
  readonly startMs: number;
  readonly scale: Scale;
}

function Bar({ spans, startMs, scale: { ticks, widthMs } }: BarProps) {
  const words = spans.map(({ label, fromMs, toMs }) => `${label} ${duration(toMs - fromMs)}`).join(", ");
  const percent = (ms: number): string => `${(ms / widthMs) * 100}%`;
  const goesOn = spans.some(({ toMs }) => toMs - startMs > widthMs);
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={cn(
        "relative block h-5 overflow-hidden rounded-md bg-paper",
        goesOn && "[mask-image:linear-gradient(to_left,transparent,black_3rem)]",
      )}
    >
      {ticks.slice(1).map((tick) => (
        <span key={tick} className="absolute inset-y-0 w-px bg-line" style={{ left: percent(tick) }} />
      ))}
      {spans.map(({ label, fromMs, toMs }) => (
        <span
          key={label}
          className="absolute inset-y-0 min-w-0.5"
          style={{ left: percent(fromMs - startMs), width: percent(toMs - fromMs), background: FILLS[label] }}
        />
      ))}
    </span>
  );
}
