import type { McpTurn, Turn } from "../../lib/playground/conversation-types";

/** Reads whole turns to screen readers, once each is finished; the growing text on the page would be read in shreds. */
export function Announcer({ turns }: { readonly turns: readonly Turn[] }) {
  return (
    <div role="log" aria-label="What was said" className="sr-only">
      {turns.slice(-4).map((turn) => {
        const words = announcement(turn);
        return words === undefined ? null : <p key={turn.id}>{words}</p>;
      })}
    </div>
  );
}

function announcement(turn: Turn): string | undefined {
  switch (turn.kind) {
    case "user":
      if (turn.status === "failed") return `Not understood: ${turn.problem ?? ""}`;
      return turn.status === "done" && turn.text !== "" ? `You: ${turn.text}` : undefined;
    case "assistant":
      if (turn.status === "failed") return `The reply failed: ${turn.problem ?? ""}`;
      return turn.status === "done" || turn.status === "interrupted" ? `Reply: ${turn.text}` : undefined;
    case "tool":
      return turn.status === "done" ? `Called ${turn.name}` : undefined;
    case "mcp":
      return mcpAnnouncement(turn);
    case "mcp-list":
      return turn.status === "failed" ? `The tools of ${turn.server} could not be listed` : undefined;
    case "divider":
      return "New session";
    default:
      return turn satisfies never;
  }
}

function mcpAnnouncement({ status, name, server, approval }: McpTurn): string | undefined {
  if (status === "asking" && approval?.answer === undefined) return `${server} asks for approval to call ${name}`;
  if (status === "done") return `Called ${name}`;
  return status === "failed" ? `The call of ${name} failed` : undefined;
}
