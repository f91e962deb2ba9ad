import type { Item } from "../realtime/protocol/items";
import { cleanText } from "./clean";

/** What an item says, as it is searched and shown in lists. */
export function transcriptOf(item: Item): string {
  switch (item.type) {
    case "message":
      return cleanText(
        item.content
          .map((part) => ("text" in part ? part.text : "transcript" in part ? (part.transcript ?? "") : ""))
          .filter((text) => text !== "")
          .join("\n"),
      );
    case "function_call":
      return cleanText(`${item.name} ${item.arguments}`);
    case "function_call_output":
      return cleanText(item.output);
    case "mcp_call":
      return cleanText(`${item.name} ${item.arguments} ${item.output ?? ""}`);
    case "mcp_approval_request":
    case "mcp_approval_response":
    case "mcp_list_tools":
      return "";
    default:
      return item satisfies never;
  }
}
