"use client";
import { useQuery } from "@tanstack/react-query";
import { AudioLines } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Suspense } from "react";
import { compact, count, duration, money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Segmented } from "../playground/segmented";
import { ButtonLink } from "../ui/button";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Skeleton } from "../ui/skeleton";
import { Checklist } from "./checklist";
import { DayCharts } from "./day-charts";
import { LiveNow } from "./live-now";

export type OverviewData = Answers["usage"]["overview"];

const SPANS = ["7", "30", "90"] as const;
const SPAN_OPTIONS = SPANS.map((days) => ({ value: days, label: `${days} days` }));

export function Overview() {
  return (
    <Suspense>
      <Content />
    </Suspense>
  );
}

function Content() {
  const trpc = useTRPC();
  const [span, setSpan] = useQueryState("days", parseAsStringLiteral(SPANS).withDefault("7"));
  const overview = useQuery(trpc.usage.overview.queryOptions({ days: Number(span) }, { refetchInterval: 15_000 }));
  return (
    <Page
      title="Overview"
      actions={
        <>
          <Segmented
            label="Span"
            name="span"
            value={span}
            options={SPAN_OPTIONS}
            onChange={(days) => void setSpan(days)}
          />
          <ButtonLink href="/playground" look="primary">
            <AudioLines aria-hidden="true" />
            Talk
          </ButtonLink>
        </>
      }
    >
      <Loaded query={overview} skeleton={<OverviewSkeleton />}>
        {(data) => (
          <div className="grid gap-5">
            <Checklist done={data.checklist} />
            <Figures data={data} />
            <DayCharts days={data.days} span={Number(span)} />
            <LiveNow />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({ data: { liveSessions, days, heardLatencyMs: heard } }: { readonly data: OverviewData }) {
  const sum = (of: (day: OverviewData["days"][number]) => number): number =>
    days.reduce((total, day) => total + of(day), 0);
  const minutes = sum((day) => day.minutes);
  const sessions = sum((day) => day.sessions);
  const failures = sum((day) => day.errors);
  const figures: readonly (readonly [label: string, value: string, hint: string])[] = [
    ["Live now", count(liveSessions), liveSessions === 1 ? "session" : "sessions"],
    [
      "Minutes",
      minutes < 10 ? minutes.toFixed(1) : compact(minutes),
      sessions === 1 ? "in 1 session" : `in ${count(sessions)} sessions`,
    ],
    ["Tokens", compact(sum((day) => day.tokens)), "in and out"],
    ["Cost", money(sum((day) => day.costMicros)), "by your price table"],
    ["Errors", count(failures), failures === 0 ? "all went well" : "failed replies among them"],
    [
      "Reply heard after",
      heard.p50 === null ? "–" : duration(heard.p50),
      heard.p95 === null ? "no reply yet" : `95 of 100 within ${duration(heard.p95)}`,
    ],
  ];
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-2xl border border-line bg-line gap-px md:grid-cols-3 xl:grid-cols-6">
      {figures.map(([label, value, hint]) => (
        <div key={label} className="bg-surface px-5 py-4">
          <dt className="text-xs text-ink-faint">{label}</dt>
          <dd className="mt-1 font-serif text-2xl tracking-tight tabular-nums">{value}</dd>
          <dd className="mt-0.5 text-xs text-ink-faint">{hint}</dd>
        </div>
      ))}
    </dl>
  );
}

function OverviewSkeleton() {
  return (
    <div role="status" className="grid gap-5">
      <span className="sr-only">Loading</span>
      <Skeleton className="h-24 rounded-2xl" />
      <div className="grid gap-5 lg:grid-cols-2">
        <Skeleton className="h-64 rounded-2xl" />
        <Skeleton className="h-64 rounded-2xl" />
      </div>
    </div>
  );
}
