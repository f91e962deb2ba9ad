"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Suspense } from "react";
import { compact, length, money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Segmented } from "../playground/segmented";
import { useViewer } from "../shell/viewer";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Budgets } from "./budgets";
import { Limits } from "./limits";
import { Filled } from "./meter";

type Row = Answers["usage"]["summary"][number];

const GROUPS = ["model", "key", "agent"] as const;
const GROUP_OPTIONS = [
  { value: "model", label: "Model" },
  { value: "key", label: "Key" },
  { value: "agent", label: "Agent" },
] as const;

export function Usage() {
  return (
    <Suspense>
      <Content />
    </Suspense>
  );
}

function Content() {
  const may = useViewer().scopes.includes("limits:write");
  return (
    <Page title="Limits and usage" description="What this month took, what may be taken, and when to be warned." narrow>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <ThisMonth />
        <Limits mayEdit={may} />
        <Budgets mayEdit={may} />
      </div>
    </Page>
  );
}

/** Days are those of UTC, as the sums are. */
function thisMonth(): { readonly from: string; readonly to: string } {
  const today = new Date().toISOString().slice(0, 10);
  return { from: `${today.slice(0, 8)}01`, to: today };
}

function ThisMonth() {
  const trpc = useTRPC();
  const { scopes } = useViewer();
  const [by, setBy] = useQueryState("by", parseAsStringLiteral(GROUPS).withDefault("model"));
  const usage = useQuery(trpc.usage.summary.queryOptions({ ...thisMonth(), by }));
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: scopes.includes("keys:read") }));
  const agents = useQuery(trpc.agents.list.queryOptions());
  const nameOf = (id: string): string => {
    if (by === "model") return id;
    if (id === "") return by === "key" ? "No key of yours (playground)" : "No agent";
    const known = by === "key" ? keys.data : agents.data;
    return known?.find((each) => each.id === id)?.name ?? id;
  };
  return (
    <Card
      title="This month"
      action={
        <Segmented label="By" name="by" value={by} options={GROUP_OPTIONS} onChange={(next) => void setBy(next)} />
      }
    >
      <Loaded query={usage}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="py-6 text-center text-sm text-ink-faint">Nothing yet: the first session fills this.</p>
          ) : (
            <Bars rows={rows} nameOf={nameOf} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Bars({ rows, nameOf }: { readonly rows: readonly Row[]; readonly nameOf: (id: string) => string }) {
  const { organisation } = useViewer();
  const costs = rows.some(({ costMicros }) => costMicros > 0);
  const weigh = (row: Figures): number => (costs ? row.costMicros : row.durationMs);
  const all = rows.map(figuresOf).reduce(added);
  return (
    <ul className="grid gap-3.5">
      <Bar name={organisation.name} figures={all} share={1} whole />
      {rows.map((row) => (
        <Bar
          key={row.group}
          name={nameOf(row.group)}
          figures={figuresOf(row)}
          share={weigh(figuresOf(row)) / Math.max(1, weigh(all))}
        />
      ))}
    </ul>
  );
}

interface Figures {
  readonly costMicros: number;
  readonly durationMs: number;
  readonly tokens: number;
  readonly sessions: number;
}

function figuresOf(row: Row): Figures {
  const { costMicros, durationMs, sessions } = row;
  const tokens = row.inputTextTokens + row.inputAudioTokens + row.outputTextTokens + row.outputAudioTokens;
  return { costMicros, durationMs, sessions, tokens };
}

function added(a: Figures, b: Figures): Figures {
  return {
    costMicros: a.costMicros + b.costMicros,
    durationMs: a.durationMs + b.durationMs,
    tokens: a.tokens + b.tokens,
    sessions: a.sessions + b.sessions,
  };
}

interface BarProps {
  readonly name: string;
  readonly figures: Figures;
  readonly share: number;
  /** All of it together. */
  readonly whole?: boolean;
}

function Bar({ name, figures, share, whole = false }: BarProps) {
  const { costMicros, durationMs, tokens, sessions } = figures;
  return (
    <li className={cn("grid gap-1.5", whole && "mb-1 border-b border-line pb-4")}>
      <span className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="min-w-0 truncate font-medium">{name}</span>
        <span className="text-ink-soft tabular-nums">
          {money(costMicros)}, {length(durationMs)}, {compact(tokens)} tokens,{" "}
          {sessions === 1 ? "1 session" : `${compact(sessions)} sessions`}
        </span>
      </span>
      <Filled share={share} />
    </li>
  );
}
