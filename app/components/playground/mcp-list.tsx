import { Plug } from "lucide-react";
import type { McpListTurn } from "../../lib/playground/conversation-types";
import { ToolCard, ToolSection, type ToolState } from "./tool-card";

/** An MCP server that is asked for its tools, and what it has. */
export function McpList({ turn }: { readonly turn: McpListTurn }) {
  const { server, tools, problem, durationMs, status } = turn;
  return (
    <ToolCard icon={<Plug />} name={server} kind="MCP server" state={stateOf(turn)} durationMs={durationMs}>
      {tools.length > 0 && (
        <details className="border-t border-line">
          <summary className="cursor-pointer rounded-b-xl px-4 py-2 text-xs text-ink-soft -outline-offset-2 hover:text-ink">
            What it can do
          </summary>
          <dl className="grid gap-x-4 gap-y-1.5 px-4 pt-1 pb-3 text-xs leading-5 sm:grid-cols-[auto_minmax(0,1fr)]">
            {tools.map(({ name, description }) => (
              <div key={name} className="contents">
                <dt className="font-mono">{name}</dt>
                <dd className="mb-1.5 text-ink-soft sm:mb-0">{description}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {status === "failed" && problem !== undefined && (
        <ToolSection label="Error">
          <p className="leading-5 break-words text-ink-soft">{problem}</p>
        </ToolSection>
      )}
    </ToolCard>
  );
}

function stateOf({ status, tools }: McpListTurn): ToolState {
  switch (status) {
    case "listing":
      return { label: "Listing its tools", tone: "accent", live: true };
    case "done":
      return { label: tools.length === 1 ? "One tool" : `${tools.length} tools`, tone: "good" };
    case "failed":
      return { label: "Not available", tone: "bad" };
    default:
      return status satisfies never;
  }
}
