/** The items of a response as they grow, and what the client is shown of each. */
import type { Item } from "../protocol/items";

export interface OutputItem {
  readonly id: string;
  readonly index: number;
  readonly kind: "text" | "audio" | "call" | "mcp" | "approval";
  readonly open: boolean;
  /** The words of a message, or the arguments of a call. */
  readonly text: string;
  readonly status: "in_progress" | "completed" | "incomplete";
  /** An approval's `engineIndex` is -1: the engine knows nothing of it. */
  readonly call?: {
    readonly engineIndex: number;
    readonly callId: string;
    readonly name: string;
    readonly server?: string;
  };
}

export function toItem(item: OutputItem, { withContent = true }: { withContent?: boolean } = {}): Item {
  const common = { id: item.id, object: "realtime.item" as const, status: item.status };
  switch (item.kind) {
    case "text":
      return {
        ...common,
        type: "message",
        role: "assistant",
        content: withContent ? [{ type: "output_text", text: item.text }] : [],
      };
    case "audio":
      return {
        ...common,
        type: "message",
        role: "assistant",
        content: withContent ? [{ type: "output_audio", transcript: item.text }] : [],
      };
    case "call":
      return {
        ...common,
        type: "function_call",
        name: item.call?.name ?? "",
        call_id: item.call?.callId ?? "",
        arguments: item.text,
      };
    case "mcp":
    case "approval":
      return toMcpItem(item);
    default:
      return item.kind satisfies never;
  }
}

function toMcpItem({ id, kind, status, call, text }: OutputItem): Item {
  const common = { id, object: "realtime.item" as const, server_label: call?.server ?? "", name: call?.name ?? "" };
  if (kind === "approval") return { ...common, type: "mcp_approval_request", status, arguments: text };
  const unfinished = status === "completed" ? "in_progress" : status;
  return { ...common, type: "mcp_call", status: unfinished, arguments: text, output: null, error: null };
}
