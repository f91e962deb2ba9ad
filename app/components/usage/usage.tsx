"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Suspense } from "react";
import { compact, length, money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Segmented } from "../playground/segmented";
import { useViewer } from "../shell/viewer";
import { Card } from "../ui/card";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Budgets } from "./budgets";
import { Limits } from "./limits";

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
  const costs = rows.some(({ costMicros }) => costMicros > 0);
  const weigh = (row: Row): number => (costs ? row.costMicros : row.durationMs);
  const most = Math.max(1, ...rows.map(weigh));
  return (
    <ul className="grid gap-3.5">
      {rows.map((row) => (
        <li key={row.group} className="grid gap-1.5">
          <span className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
            <span className="min-w-0 truncate font-medium">{nameOf(row.group)}</span>
            <span className="text-ink-soft tabular-nums">
              {money(row.costMicros)}, {length(row.durationMs)},{" "}
              {compact(row.inputTextTokens + row.inputAudioTokens + row.outputTextTokens + row.outputAudioTokens)}{" "}
              tokens
            </span>
          </span>
          <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-sunken">
            <span
              className="block h-full rounded-full bg-accent-fill"
              style={{ width: `${(weigh(row) / most) * 100}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
