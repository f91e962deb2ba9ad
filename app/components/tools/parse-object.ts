/** Whether it is a JSON Schema is for the server to say: checking that here would need `eval`, which pages may not use. */
export type ParsedObject =
  { readonly ok: true; readonly value: Record<string, unknown> } | { readonly ok: false; readonly problem: string };

export function parseObject(text: string): ParsedObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ok: true, value: { ...value } };
    return { ok: false, problem: "It must be a JSON object: { … }." };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : "This is not JSON." };
  }
}
