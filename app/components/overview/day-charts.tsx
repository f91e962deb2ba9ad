"use client";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type Axis, countAxis, minutesAxis, minutesInWords, moneyAxis } from "../../lib/axis";
import { compact, count, money } from "../../lib/format";
import { Card } from "../ui/card";
import type { OverviewData } from "./overview";

type Day = OverviewData["days"][number];

interface DayChartsProps {
  readonly days: readonly Day[];
  /** How many days are shown, those without sessions included. */
  readonly span: number;
}

const CHARTS: readonly Omit<DayChartProps, "days">[] = [
  {
    title: "Minutes",
    value: (day) => day.minutes,
    show: minutesInWords,
    axis: minutesAxis,
    fill: "var(--accent-fill)",
  },
  { title: "Cost", value: (day) => day.costMicros, show: money, axis: moneyAxis, fill: "var(--vermilion-fill)" },
  { title: "Tokens", value: (day) => day.tokens, show: compact, axis: countAxis, fill: "var(--accent-fill)" },
  { title: "Errors", value: (day) => day.errors, show: count, axis: countAxis, fill: "var(--vermilion-fill)" },
];

/** What happened by day. */
export function DayCharts({ days, span }: DayChartsProps) {
  const all = everyDay(days, span);
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      {CHARTS.map((chart) => (
        <DayChart key={chart.title} {...chart} days={all} />
      ))}
    </div>
  );
}

function everyDay(days: readonly Day[], span: number): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const today = Date.now();
  return Array.from({ length: span }, (_, i) => {
    const day = new Date(today - (span - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return known.get(day) ?? { day, sessions: 0, minutes: 0, tokens: 0, costMicros: 0, errors: 0 };
  });
}

interface DayChartProps {
  readonly title: string;
  readonly days: readonly Day[];
  readonly value: (day: Day) => number;
  readonly show: (value: number) => string;
  /** For values up to the greatest. */
  readonly axis: (greatest: number) => Axis;
  readonly fill: string;
}

function DayChart({ title, days, value, show, axis, fill }: DayChartProps) {
  const data = days.map((day) => ({ day: day.day, value: value(day) }));
  const total = data.reduce((sum, each) => sum + each.value, 0);
  return (
    <Card>
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-sm text-ink-faint tabular-nums">{show(total)}</p>
      </div>
      {total === 0 ? (
        <p className="mt-4 grid h-44 place-items-center rounded-xl bg-paper text-sm text-ink-faint">
          Nothing in this time.
        </p>
      ) : (
        <Bars title={title} data={data} show={show} axis={axis} fill={fill} />
      )}
      <table className="sr-only">
        <caption>{title} by day</caption>
        <tbody>
          {data.map((each) => (
            <tr key={each.day}>
              <th scope="row">{each.day}</th>
              <td>{show(each.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface BarsProps extends Pick<DayChartProps, "title" | "show" | "axis" | "fill"> {
  readonly data: readonly { readonly day: string; readonly value: number }[];
}

/** They decorate the table, which says the same to those who cannot see them. */
function Bars({ title, data, show, axis, fill }: BarsProps) {
  const { ticks, label } = axis(Math.max(...data.map(({ value }) => value)));
  const tick = { fontSize: 11, fill: "var(--ink-faint)" };
  return (
    <div aria-hidden="true" className="mt-4 h-44">
      <ResponsiveContainer width="100%" height="100%" minWidth={0}>
        <BarChart data={[...data]} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            tickFormatter={(day: string) => shortDay(day)}
            tickLine={false}
            axisLine={false}
            minTickGap={24}
            tick={tick}
          />
          <YAxis
            width={56}
            tickFormatter={label}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 1]}
            interval={0}
            tickLine={false}
            axisLine={false}
            tick={tick}
          />
          <Tooltip
            cursor={{ fill: "var(--sunken)" }}
            formatter={(shown) => [show(Number(shown)), title]}
            labelFormatter={(day) => shortDay(String(day))}
            contentStyle={{
              background: "var(--surface)",
              border: "1px solid var(--line)",
              borderRadius: 10,
              fontSize: 12,
              color: "var(--ink)",
            }}
            itemStyle={{ color: "var(--ink)" }}
          />
          <Bar dataKey="value" fill={fill} radius={[3, 3, 0, 0]} maxBarSize={28} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Days are those of UTC, as the sums are. */
function shortDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en", { day: "numeric", month: "short", timeZone: "UTC" });
}
