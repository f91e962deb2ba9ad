import { duration, length } from "../../lib/format";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import type { Detail } from "./session-detail";

type Response = Detail["responses"][number];

interface Stage {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
}

/** From the end of speech to the end of the reply, stage by stage. */
export function Waterfall({ detail: { responses } }: { readonly detail: Detail }) {
  if (responses.length === 0)
    return (
      <Card>
        <Empty title="No reply yet">
          Each reply is shown here with the time that went into understanding, thinking and speaking.
        </Empty>
      </Card>
    );
  const turns = responses.map((response) => ({ response, stages: stagesOf(response) }));
  const longest = Math.max(1, ...turns.map(({ stages }) => (stages.at(-1)?.to ?? 0) - (stages[0]?.from ?? 0)));
  return (
    <Card>
      <ul aria-label="Colours" className="mb-4 flex flex-wrap gap-x-5 gap-y-1 text-xs text-ink-soft">
        {STAGES.map(([label, fill]) => (
          <li key={label} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: fill }} />
            {label}
          </li>
        ))}
      </ul>
      <ol className="grid gap-3">
        {turns.map(({ response, stages }) => (
          <TurnRow key={response.id} response={response} stages={stages} longest={longest} />
        ))}
      </ol>
    </Card>
  );
}

const STAGES = [
  ["Understanding", "var(--gold)"],
  ["Starting", "var(--line-strong)"],
  ["Thinking", "var(--accent-fill)"],
  ["First sound", "var(--leaf)"],
  ["Speaking", "var(--vermilion-fill)"],
] as const;

function stagesOf(response: Response): Stage[] {
  const { speechStoppedMs, transcribedMs, createdMs, firstTokenMs, firstAudioMs, doneMs } = response;
  const marks = [speechStoppedMs, transcribedMs, createdMs, firstTokenMs, firstAudioMs, doneMs];
  const start = speechStoppedMs ?? createdMs;
  let from = start;
  return marks.slice(1).flatMap((mark, i): Stage[] => {
    const [label, fill] = STAGES[i] ?? STAGES[0];
    // What was done on a guess, before speech ended, took nobody's time.
    if (mark === null || mark <= from) return [];
    const stage = { label, fill, from: from - start, to: mark - start };
    from = mark;
    return [stage];
  });
}

interface TurnRowProps {
  readonly response: Response;
  readonly stages: readonly Stage[];
  readonly longest: number;
}

function TurnRow({ response, stages, longest }: TurnRowProps) {
  const words = stages.map(({ label, from, to }) => `${label} ${duration(to - from)}`).join(", ");
  return (
    <li className="grid gap-1.5 sm:grid-cols-[9rem_minmax(0,1fr)] sm:items-center">
      <span className="flex items-center gap-2 text-xs text-ink-faint tabular-nums">
        {length(response.createdMs)}
        {response.heardMs !== null && <span className="text-ink-soft">{duration(response.heardMs)} to hear</span>}
        {response.status !== "completed" && (
          <Badge tone={response.status === "failed" ? "bad" : "neutral"}>{response.status}</Badge>
        )}
      </span>
      <span role="img" aria-label={words} title={words} className="flex h-5 overflow-hidden rounded-md bg-paper">
        {stages.map(({ label, from, to, fill }) => (
          <span key={label} style={{ width: `${((to - from) / longest) * 100}%`, background: fill }} />
        ))}
      </span>
    </li>
  );
}
