"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { count, duration } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Segmented } from "../playground/segmented";
import { Badge } from "../ui/badge";

export type Figures = Answers["tools"]["usage"][number];

const DAYS = ["7", "30"] as const;
const OPTIONS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
] as const;

/** How many days figures are of; it lives in the URL. */
export function useDays() {
  return useQueryState("days", parseAsStringLiteral(DAYS).withDefault("7"));
}

export function DaysChoice() {
  const [days, setDays] = useDays();
  return (
    <Segmented label="Figures of" name="days" value={days} options={OPTIONS} onChange={(next) => void setDays(next)} />
  );
}

/** Figures by who answers, the server's label and the tool's name; by server alone, its tools have no name. */
export function useFigures(
  per: "tool" | "server",
): (key: Pick<Figures, "by" | "server" | "name">) => Figures | undefined {
  const trpc = useTRPC();
  const [days] = useDays();
  const usage = useQuery(trpc.tools.usage.queryOptions({ days: days === "7" ? 7 : 30, per }, { staleTime: 60_000 }));
  return ({ by, server, name }) =>
    usage.data?.find((row) => row.by === by && row.server === server && row.name === name);
}

export function Calls({ of }: { readonly of: Figures | undefined }) {
  return of === undefined ? <Nothing /> : count(of.calls);
}

export function FailureRate({ of }: { readonly of: Figures | undefined }) {
  if (of === undefined) return <Nothing />;
  const share = of.failures / of.calls;
  const percent = share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`;
  return <Badge tone={share >= 0.1 ? "bad" : share > 0 ? "warn" : "good"}>{percent}</Badge>;
}

/** The middle, and what nineteen of twenty stay below. */
export function Durations({ of }: { readonly of: Figures | undefined }) {
  const { p50Ms = null, p95Ms = null } = of ?? {};
  if (p50Ms === null || p95Ms === null) return <Nothing />;
  return (
    <span className="whitespace-nowrap">
      {duration(p50Ms)} <span className="text-ink-faint">/ {duration(p95Ms)}</span>
    </span>
  );
}

function Nothing() {
  return <span className="text-ink-faint">–</span>;
}

const numbers = "text-right tabular-nums whitespace-nowrap";

/** The columns of a table whose rows know their figures. */
export function figureColumns<T extends { readonly figures: Figures | undefined }>() {
  interface Cell {
    readonly row: { readonly original: T };
  }
  return [
    { header: "Calls", meta: { className: numbers }, cell: ({ row }: Cell) => <Calls of={row.original.figures} /> },
    {
      header: "Failed",
      meta: { className: numbers },
      cell: ({ row }: Cell) => <FailureRate of={row.original.figures} />,
    },
    {
      header: "p50 / p95",
      meta: { wide: true, className: numbers },
      cell: ({ row }: Cell) => <Durations of={row.original.figures} />,
    },
  ];
}

/** The same large, on a page of its own. */
export function FigureStrip({ of }: { readonly of: Figures | undefined }) {
  const parts = [
    { label: "Calls", value: <Calls of={of} /> },
    { label: "Failed", value: <FailureRate of={of} /> },
    { label: "p50 / p95", value: <Durations of={of} /> },
  ];
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3 tabular-nums">
      {parts.map(({ label, value }) => (
        <div key={label}>
          <dt className="text-xs text-ink-faint">{label}</dt>
          <dd className="mt-0.5 text-lg">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
