import type { ToolCallEvent } from "../../realtime/engine/types";

/** A piece of a tool call as endpoints send it: officially a string in small pieces, but some send it whole, or parsed. */
export interface ToolCallDelta {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

interface Call {
  readonly index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  arguments: string;
}

/**
 * Sorts the pieces of tool calls into calls numbered from 0. Officially `index` tells calls apart; some endpoints leave
 * it out or send 0 for all, so a new `id`, or a name after complete arguments, begins a new call as well.
 */
export class ToolCalls {
  readonly #calls: Call[] = [];

  get any(): boolean {
    return this.#calls.length > 0;
  }

  push(delta: ToolCallDelta): ToolCallEvent[] {
    const events: ToolCallEvent[] = [];
    const name = delta.function?.name || undefined;
    const call = this.#belongsTo(delta, name) ?? this.#open(delta);
    const index = this.#calls.indexOf(call);
    call.id ??= delta.id || undefined;
    const text = argumentsText(delta.function?.arguments);
    const begins = call.name === undefined && name !== undefined;
    call.name ??= name;
    call.arguments += text;
    if (call.name === undefined) return events;
    if (begins) events.push({ type: "tool-call", index, name: call.name, ...(call.id && { callId: call.id }) });
    const unsent = begins ? call.arguments : text;
    if (unsent !== "") events.push({ type: "tool-arguments", index, delta: unsent });
    return events;
  }

  /** Ends all calls. One without arguments gets `{}`, so that they are always JSON. */
  end(): ToolCallEvent[] {
    return this.#calls.flatMap((call, index): ToolCallEvent[] => {
      if (call.name === undefined) return [];
      const done = { type: "tool-call-done", index } as const;
      return call.arguments === "" ? [{ type: "tool-arguments", index, delta: "{}" }, done] : [done];
    });
  }

  #belongsTo(delta: ToolCallDelta, name: string | undefined): Call | undefined {
    const index = delta.index ?? undefined;
    const id = delta.id || undefined;
    const same = index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index);
    if (!same) return undefined;
    if (id && same.id !== undefined && same.id !== id) return undefined;
    if (id && same.id === id) return same;
    if (name !== undefined && same.name !== undefined && isJson(same.arguments)) return undefined;
    return name === undefined || same.name === undefined || same.name === name ? same : undefined;
  }

  #open({ index }: ToolCallDelta): Call {
    const call: Call = { index: index ?? undefined, id: undefined, name: undefined, arguments: "" };
    this.#calls.push(call);
    return call;
  }
}

function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
