/** How tools are tried outside of any session. The server gives services one: what it does needs no database. */
import type { ListedMcpTool } from "../../db/schema/index";
import type { SessionTool } from "./for-session";

export interface ArgumentProblem {
  /** Of the field, for example `stops.0.city`; empty: the arguments as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What came of one call. */
export interface ToolTrial {
  readonly ok: boolean;
  readonly durationMs: number;
  /** Of the HTTP answer, where there was one. */
  readonly status?: number;
  /** What a model would be told. */
  readonly output: string;
  /** What kind of failure it was, for example `timeout` or `http_error`. */
  readonly problem?: string;
}

export type McpLook =
  | { readonly ok: true; readonly durationMs: number; readonly tools: readonly ListedMcpTool[] }
  | { readonly ok: false; readonly durationMs: number; readonly message: string };

export interface McpToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** With the guard, the limits and the signatures that sessions have. Rejects only for faults of ours. */
export interface ToolRunner {
  /** The first thing in `args` that does not fit; undefined: all does, or the schema cannot be used. */
  problemOf(schema: Readonly<Record<string, unknown>>, args: unknown): ArgumentProblem | undefined;
  callWebhook(tool: SessionTool, args: unknown): Promise<ToolTrial>;
  listMcpTools(server: SessionTool): Promise<McpLook>;
  callMcpTool(server: SessionTool, call: McpToolCall): Promise<ToolTrial>;
}

/** Where nothing is ever called. */
export function idleRunner(reason: string): ToolRunner {
  const idle = () => Promise.reject(new Error(reason));
  return { problemOf: () => undefined, callWebhook: idle, listMcpTools: idle, callMcpTool: idle };
}
