"use client";
import { Plug } from "lucide-react";
import type { ApprovalAnswer, McpError, McpTurn } from "../../lib/playground/conversation-types";
import { Approval } from "./approval";
import { ToolCard, ToolSection, type ToolState, ToolValue } from "./tool-card";

export type OnApprove = (requestId: string, answer: ApprovalAnswer) => void;

interface McpCallProps {
  readonly turn: McpTurn;
  /** Undefined where nobody can decide any more. */
  readonly onApprove: OnApprove | undefined;
}

/** A tool of an MCP server's that is called: whether it may be, and what came of it. */
export function McpCall({ turn, onApprove }: McpCallProps) {
  const { server, name, approval, output, error } = turn;
  const open = turn.status === "asking" && approval !== undefined && approval.answer === undefined;
  return (
    <ToolCard
      icon={<Plug />}
      name={name}
      kind={`of the MCP server ${server}`}
      state={stateOf(turn)}
      durationMs={turn.durationMs}
    >
      {turn.arguments !== "" && (
        <ToolSection label="Arguments">
          <ToolValue text={turn.arguments} label={`Arguments of ${name}`} />
        </ToolSection>
      )}
      {approval?.answer !== undefined && (
        <ToolSection label="Approval">
          {approval.answer.approve ? "You approved it" : "You declined it"}
          {approval.answer.reason !== "" && <q className="ml-1 text-ink-soft">{approval.answer.reason}</q>}
        </ToolSection>
      )}
      {output !== undefined && (
        <ToolSection label="Output">
          <ToolValue text={output} label={`Output of ${name}`} />
        </ToolSection>
      )}
      {error !== undefined && approval?.answer?.approve !== false && (
        <ToolSection label="Error">
          <p className="leading-5 break-words">
            <span className="text-vermilion">{KINDS[error.type]}</span>
            {"code" in error && error.code !== 0 && <span className="text-ink-faint"> {error.code}</span>}
            <span className="mt-0.5 block text-ink-soft">{error.message}</span>
          </p>
        </ToolSection>
      )}
      {open && onApprove !== undefined && (
        <Approval turn={turn} onAnswer={(answer) => onApprove(approval.requestId, answer)} />
      )}
    </ToolCard>
  );
}

const KINDS: Readonly<Record<McpError["type"], string>> = {
  tool_execution_error: "The tool failed",
  http_error: "The server could not be reached",
  protocol_error: "The server broke the protocol",
};

function stateOf({ status, approval }: McpTurn): ToolState {
  switch (status) {
    case "streaming":
      return { label: "Calling", tone: "accent", live: true };
    case "asking":
      return approval?.answer === undefined
        ? { label: "Asks for approval", tone: "warn", live: true }
        : { label: "Declined", tone: "bad" };
    case "running":
      return { label: "Running", tone: "accent", live: true };
    case "done":
      return { label: "Done", tone: "good" };
    case "failed":
      return approval?.answer?.approve === false
        ? { label: "Declined", tone: "bad" }
        : { label: "Failed", tone: "bad" };
    case "void":
      return { label: "Not carried out", tone: "bad" };
    default:
      return status satisfies never;
  }
}
