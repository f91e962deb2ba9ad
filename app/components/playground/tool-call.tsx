"use client";
import { type FormEvent, useState } from "react";
import type { ToolTurn } from "../../lib/playground/conversation-types";
import { ToolIcon } from "../icons";
import { Button } from "../ui/button";
import { Textarea } from "../ui/input";
import { ToolCard, ToolSection, type ToolState, ToolValue } from "./tool-card";
import type { TurnViewProps } from "./turn-view";

interface ToolCallProps {
  readonly turn: ToolTurn;
  /** Undefined where it can no longer be answered. */
  readonly onAnswer: TurnViewProps["onAnswer"];
}

/** A function that is called, and its answer: of the server's, by mock, or written here. */
export function ToolCall({ turn, onAnswer }: ToolCallProps) {
  const mayAnswer = turn.by === "page" && turn.status === "waiting";
  return (
    <ToolCard
      icon={<ToolIcon />}
      name={turn.name}
      kind={turn.by === "page" ? "answered by this page" : "run by the server"}
      state={stateOf(turn)}
      durationMs={turn.durationMs}
    >
      {turn.arguments !== "" && (
        <ToolSection label="Arguments">
          <ToolValue text={turn.arguments} label={`Arguments of ${turn.name}`} />
        </ToolSection>
      )}
      {turn.output !== undefined && (
        <ToolSection label="Answer">
          <ToolValue text={turn.output} label={`Answer of ${turn.name}`} />
        </ToolSection>
      )}
      {mayAnswer && onAnswer !== undefined && <Answer turn={turn} onAnswer={onAnswer} />}
    </ToolCard>
  );
}

function stateOf({ by, status }: ToolTurn): ToolState {
  switch (status) {
    case "streaming":
      return { label: "Calling", tone: "accent", live: true };
    case "waiting":
      return by === "page"
        ? { label: "Waits for an answer", tone: "warn", live: true }
        : { label: "Running", tone: "accent", live: true };
    case "done":
      return { label: "Answered", tone: "good" };
    case "void":
      return { label: "Not carried out", tone: "bad" };
    default:
      return status satisfies never;
  }
}

interface AnswerProps {
  readonly turn: ToolTurn;
  readonly onAnswer: NonNullable<TurnViewProps["onAnswer"]>;
}

function Answer({ turn, onAnswer }: AnswerProps) {
  const [output, setOutput] = useState('{"ok": true}');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(turn.callId, output);
  };
  return (
    <form onSubmit={submit} className="grid gap-2.5 border-t border-line p-4">
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
