/** What a session called, with what, and what came of it: the call and its output are two items, far apart maybe. */

/** As much of a recorded item as is read here. */
export interface RecordedItem {
  readonly id: string;
  readonly type: string;
  readonly role: string | null;
  readonly atMs: number;
  readonly doneMs: number | null;
  readonly transcript: string;
  readonly deleted: boolean;
  /** As it went over the wire; empty where words are not kept. */
  readonly content: unknown;
}

export interface ToolCall {
  /** The item's. */
  readonly id: string;
  readonly name: string;
  /** The MCP server that ran it. */
  readonly server: string | undefined;
  readonly arguments: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  /** When its arguments were complete. */
  readonly fromMs: number;
  /** Undefined: it was never answered. */
  readonly toMs: number | undefined;
}

export interface ToolCalls {
  readonly calls: ReadonlyMap<string, ToolCall>;
  /** Items that are shown with their call. */
  readonly outputs: ReadonlySet<string>;
}

export function toolCallsOf(items: readonly RecordedItem[]): ToolCalls {
  const answers = new Map<string, RecordedItem>();
  for (const item of items)
    if (item.type === "function_call_output") answers.set(textOf(item.content, "call_id") ?? "", item);
  const calls = new Map<string, ToolCall>();
  const outputs = new Set<string>();
  for (const item of items) {
    if (item.type === "mcp_call") calls.set(item.id, mcpCall(item));
    if (item.type !== "function_call") continue;
    const answer = answers.get(textOf(item.content, "call_id") ?? " ");
    if (answer) outputs.add(answer.id);
    calls.set(item.id, {
      ...named(item),
      output: answer && textOf(answer.content, "output"),
      error: undefined,
      fromMs: item.doneMs ?? item.atMs,
      toMs: answer?.atMs,
    });
  }
  return { calls, outputs };
}

function mcpCall(item: RecordedItem): ToolCall {
  const { error } = item.content as { error?: { message?: unknown } | null };
  return {
    ...named(item),
    output: textOf(item.content, "output"),
    error:
      error === undefined || error === null
        ? undefined
        : typeof error.message === "string"
          ? error.message
          : "It failed.",
    fromMs: item.atMs,
    toMs: item.doneMs ?? undefined,
  };
}

function named({ id, content }: RecordedItem) {
  const name = textOf(content, "name") ?? "a tool";
  return { id, name, server: textOf(content, "server_label"), arguments: textOf(content, "arguments") ?? "" };
}

/** A field of something that came over the wire; undefined where it is no text. */
export function textOf(content: unknown, field: string): string | undefined {
  const value: unknown = typeof content === "object" && content !== null ? Reflect.get(content, field) : undefined;
  return typeof value === "string" ? value : undefined;
}

/** JSON with its lines broken; whatever is none stays as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
