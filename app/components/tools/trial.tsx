"use client";
import { Play } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { duration } from "../../lib/format";
import type { Answers } from "../../lib/trpc";
import { FormProblem } from "../door/heading";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Code } from "../ui/code";
import { JsonEditor } from "./json-editor";
import { parseObject } from "./parse-object";

type Outcome = Answers["tools"]["run"];

interface TrialProps {
  /** Arguments to begin with. */
  readonly sample: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onRun: (args: Record<string, unknown>) => void;
}

/** Calls a tool once, with arguments that can be changed, and shows what came of it. */
export function Trial({ sample, outcome, error, busy, onRun }: TrialProps) {
  const label = useId();
  const [text, setText] = useState(() => JSON.stringify(sample, null, 2));
  const parsed = parseObject(text);
  const [[field, wrong] = [undefined, undefined]] = Object.entries(fieldErrors(error));
  const aboutArguments = field?.startsWith("arguments") === true;
  const problem = aboutArguments ? undefined : problemOf(error, ["arguments"]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.ok) onRun(parsed.value);
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <p id={label} className="mb-1.5 text-sm font-medium">
          Arguments
        </p>
        <JsonEditor
          labelledBy={label}
          value={text}
          height="9rem"
          error={aboutArguments ? wrong : undefined}
          onChange={setText}
        />
      </div>
      <div>
        <Button look="primary" type="submit" disabled={!parsed.ok} busy={busy}>
          <Play aria-hidden="true" />
          Run it
        </Button>
      </div>
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      {outcome !== undefined && error === null && <Result outcome={outcome} />}
    </form>
  );
}

const PROBLEMS: Readonly<Record<string, string>> = {
  refused: "address refused",
  redirect: "redirected",
  unreachable: "not reached",
  timeout: "too slow",
  too_large: "answer too large",
  answer: "refused by the server",
  http_error: "HTTP failed",
  protocol_error: "MCP failed",
  tool_execution_error: "the tool failed",
};

function Result({ outcome: { ok, status, problem, durationMs, output } }: { readonly outcome: Outcome }) {
  return (
    <section aria-label="Result" aria-live="polite" className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      <p className="flex flex-wrap items-center gap-2.5 text-sm text-ink-soft">
        <Badge tone={ok ? "good" : "bad"}>{ok ? "answered" : (PROBLEMS[problem ?? ""] ?? "failed")}</Badge>
        {status !== undefined && <span className="tabular-nums">HTTP {status}</span>}
        <span className="tabular-nums">{duration(durationMs)}</span>
      </p>
      {ok ? <Code label="What the model would be told" code={pretty(output)} /> : <FormProblem>{output}</FormProblem>}
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text === "" ? "(nothing)" : text;
  }
}
