/** A tool as one writes it into a form, and back. */
import type { SetupTool } from "./setup";

export interface ToolText {
  readonly name: string;
  readonly description: string;
  readonly parameters: string;
  readonly mock: string;
}

const EXAMPLE = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};

export function toolText(tool: SetupTool | undefined): ToolText {
  return {
    name: tool?.name ?? "",
    description: tool?.description ?? "",
    parameters: JSON.stringify(tool?.parameters ?? EXAMPLE, null, 2),
    mock: tool?.mock ?? "",
  };
}

export type ReadTool =
  | { readonly ok: true; readonly tool: SetupTool }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<keyof ToolText, string>>> };

/** `taken` are the names of the other tools. */
export function readTool(text: ToolText, taken: readonly string[]): ReadTool {
  const name = text.name.trim();
  const errors: Partial<Record<keyof ToolText, string>> = {};
  if (!/^[\w-]{1,64}$/.test(name)) errors.name = "Letters, digits, _ and -, at most 64 of them.";
  else if (taken.includes(name)) errors.name = "Another tool has this name.";
  const parameters = readObject(text.parameters);
  if (typeof parameters === "string") errors.parameters = parameters;
  if (Object.keys(errors).length > 0 || typeof parameters === "string") return { ok: false, errors };
  const mock = text.mock.trim() === "" ? undefined : text.mock;
  return { ok: true, tool: { name, description: text.description.trim(), parameters, mock } };
}

/** The object, or what is wrong. */
function readObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    return "A schema is a JSON object: { … }.";
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : ""}`;
  }
}
