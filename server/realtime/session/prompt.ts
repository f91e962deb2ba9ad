/** From the conversation to what a model is given: words where there was sound, and nothing that nobody heard. */
import type { PromptItem, PromptPart } from "../engine/types";
import type { Item } from "../protocol/items";
import { mcpFunctionName } from "../tools/mcp";
import { heardText } from "./spoken";
import type { Entry } from "./stored-items";

export function toPrompt(entries: readonly Entry[]): PromptItem[] {
  return entries.flatMap((entry) => toPromptItem(entry));
}

function toPromptItem(entry: Entry): PromptItem[] {
  const { item } = entry;
  switch (item.type) {
    case "message": {
      const content = partsOf(entry, item);
      return content.length === 0 ? [] : [{ type: "message", role: item.role, content }];
    }
    case "function_call":
      return [{ type: "tool-call", callId: item.call_id, name: item.name, arguments: item.arguments }];
    case "function_call_output":
      return [{ type: "tool-result", callId: item.call_id, output: item.output }];
    case "mcp_call":
      return mcpCall(item);
    case "mcp_approval_request":
    case "mcp_approval_response":
    case "mcp_list_tools":
      return [];
    default:
      return item satisfies never;
  }
}

function mcpCall(item: Item & { type: "mcp_call" }): PromptItem[] {
  const name = mcpFunctionName(item.server_label, item.name);
  const call = { type: "tool-call", callId: item.id, name, arguments: item.arguments } as const;
  const output = item.error ? JSON.stringify({ error: item.error.message }) : item.output;
  // Without a result it is under way, or waits for a person.
  return typeof output === "string" ? [call, { type: "tool-result", callId: item.id, output }] : [call];
}

function partsOf(entry: Entry, item: Item & { type: "message" }): PromptPart[] {
  return item.content.flatMap((part, index): PromptPart[] => {
    switch (part.type) {
      case "input_text":
      case "output_text":
        return part.text === "" ? [] : [{ type: "text", text: part.text }];
      case "input_image":
        return [{ type: "image", url: part.image_url, detail: part.detail ?? "auto" }];
      case "input_audio": {
        const clip = entry.clips.get(index);
        const audio = clip && (() => clip.toPcm());
        return [{ type: "audio", audio, transcript: part.transcript, durationMs: clip?.durationMs ?? 0 }];
      }
      case "output_audio": {
        const text = spokenText(entry, part.transcript);
        // What was cut short is told in words: the model would take all of its sound for heard.
        const kept = entry.heardMs === undefined && entry.truncated !== true ? entry.kept : undefined;
        return text === "" ? [] : [{ type: "text", text, ...(kept && { kept }) }];
      }
      default:
        return part satisfies never;
    }
  });
}

function spokenText(entry: Entry, transcript: string): string {
  return entry.heardMs === undefined || entry.truncated === true ? transcript : heardText(entry.spoken, entry.heardMs);
}
