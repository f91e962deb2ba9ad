/** What the suites of tools, MCP and prompts share. */
import type { Talk } from "./rig";

export const TEXT = { output_modalities: ["text"] };

/** What the scripted model does in place of words. */
export const call = (name: string, args: unknown = {}, callId?: string) => ({
  toolCall: { name, arguments: args, ...(callId !== undefined && { callId }) },
});

export const schema = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: "object",
  properties,
  required,
});

/** A tool of the client. */
export const look = { type: "function", name: "look", parameters: schema({ at: { type: "string" } }, ["at"]) };

/** Waits until a reply with words in it is done. */
export async function said(talk: Talk): Promise<string> {
  const { response } = await talk.next("response.done", ({ response }) => textOf(response.output) !== "");
  return textOf(response.output);
}

export function textOf(output: readonly { type: string }[]): string {
  return output
    .flatMap((item) => ("content" in item ? (item.content as { text?: string; transcript?: string }[]) : []))
    .map((part) => part.text ?? part.transcript ?? "")
    .join("");
}

export function outputs(talk: Talk): string[] {
  return talk
    .all("conversation.item.added")
    .flatMap(({ item }) => (item.type === "function_call_output" ? [item.output] : []));
}

export function update(session: Record<string, unknown>): Record<string, unknown> {
  return { type: "session.update", session: { type: "realtime", ...session } };
}

export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition();) {
    if (Date.now() > end) throw new Error("It did not come to that.");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
