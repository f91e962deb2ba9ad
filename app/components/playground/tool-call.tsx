"use client";
import { type FormEvent, useState } from "react";
import type { ToolTurn } from "../../lib/playground/conversation-types";
import { ToolIcon } from "../icons";
import { Button } from "../ui/button";
import { Textarea } from "../ui/input";

interface ToolCallProps {
  readonly turn: ToolTurn;
  /** Undefined where it can no longer be answered. */
  readonly onAnswer: ((callId: string, output: string) => void) | undefined;
}

/** A call, and its answer: by mock, or written here. */
export function ToolCall({ turn, onAnswer }: ToolCallProps) {
  return (
    <div className="appear rounded-xl border border-line bg-surface px-4 py-3 text-sm">
      <div className="flex items-baseline gap-2">
        <ToolIcon className="size-4 self-center text-gold" />
        <span className="text-ink-soft">Calls</span>
        <code className="min-w-0 font-mono break-all">
          {turn.name}({turn.arguments})
        </code>
      </div>
      {turn.output !== undefined ? (
        <p className="mt-2 flex items-baseline gap-2 border-t border-line pt-2">
          <span className="text-ink-soft">Answer</span>
          <code className="min-w-0 font-mono break-all whitespace-pre-wrap">{turn.output}</code>
        </p>
      ) : (
        turn.status === "done" && onAnswer !== undefined && <Answer turn={turn} onAnswer={onAnswer} />
      )}
    </div>
  );
}

function Answer({
  turn,
  onAnswer,
}: {
  readonly turn: ToolTurn;
  readonly onAnswer: NonNullable<ToolCallProps["onAnswer"]>;
}) {
  const [output, setOutput] = useState('{"ok": true}');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(turn.callId, output);
  };
  return (
    <form onSubmit={submit} className="mt-3 grid gap-2.5">
      <Textarea
        aria-label={`Answer of ${turn.name}`}
        rows={2}
        spellCheck={false}
        className="min-h-14 font-mono text-[0.8125rem]"
        value={output}
        onChange={({ target }) => setOutput(target.value)}
      />
      <Button look="primary" size="sm" type="submit" className="justify-self-end">
        Answer the call
      </Button>
    </form>
  );
}
