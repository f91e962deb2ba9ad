"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { duration } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Badge, type Tone } from "../ui/badge";
import { Card } from "../ui/card";
import { Loaded } from "../ui/loaded";
import { Time } from "../ui/time";
import { DaysChoice, type Figures, FigureStrip } from "./figures";

type Call = Answers["tools"]["calls"][number];

const OUTCOMES: Readonly<Record<Call["outcome"], readonly [string, Tone]>> = {
  ok: ["answered", "good"],
  arguments: ["wrong arguments", "bad"],
  threw: ["failed", "bad"],
  timeout: ["too slow", "bad"],
  too_large: ["answer too large", "bad"],
  cancelled: ["cancelled", "neutral"],
  denied: ["not approved", "neutral"],
  unanswered: ["never answered", "warn"],
};

interface LatestCallsProps {
  readonly figures: Figures | undefined;
  readonly of: Pick<Figures, "by" | "server"> & { readonly name?: string };
}

/** How a tool does in sessions: figures, and the latest calls with what came of them. */
export function LatestCalls({ figures, of }: LatestCallsProps) {
  const trpc = useTRPC();
  const calls = useQuery(trpc.tools.calls.queryOptions(of));
  return (
    <Card title="In sessions" action={<DaysChoice />}>
      <FigureStrip of={figures} />
      <Loaded query={calls}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="mt-5 border-t border-line pt-4 text-sm leading-6 text-ink-soft">
              No call yet. Give it to an agent, or to a session by its configuration: each call is written down here,
              with how long it took and what came of it.
            </p>
          ) : (
            <ul aria-label="Latest calls" className="mt-5 -mb-2.5 divide-y divide-line border-t border-line">
              {rows.map((call) => (
                <Row key={`${call.sessionId} ${call.id}`} call={call} named={of.name === undefined} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function Row({ call, named }: { readonly call: Call; readonly named: boolean }) {
  const [words, tone] = OUTCOMES[call.outcome];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
      <Badge tone={tone}>{words}</Badge>
      {named && <code className="font-mono text-[0.8125rem]">{call.name}</code>}
      <span className="min-w-0 flex-1 truncate text-ink-soft">{call.problem ?? ""}</span>
      {call.durationMs !== null && <span className="text-ink-faint tabular-nums">{duration(call.durationMs)}</span>}
      <Link href={`/sessions/${call.sessionId}`} className="rounded text-accent hover:underline">
        <Time at={call.at} />
      </Link>
    </li>
  );
}
