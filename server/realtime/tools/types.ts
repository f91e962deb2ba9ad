/** What a tool is to whoever runs it: a name, a schema, a function. Knows no session. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ToolContext {
  /** Aborts when the session ends, time runs out, or the caller is interrupted and the tool gives way. */
  readonly signal: AbortSignal;
  readonly sessionId: string;
  readonly callId: string;
  /** Who the session belongs to, as `authenticate` said. */
  readonly tenant: string | undefined;
}

/** Why a call came to nothing: its arguments, the tool itself, its time, somebody who spoke, its answer's size. */
export type ToolFailureReason = "arguments" | "threw" | "timeout" | "cancelled" | "too_large";

/** A tool that runs on the server. Make one with `defineTool`. */
export interface ServerTool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonSchema | undefined;
  readonly readOnly: boolean;
  readonly timeoutMs: number;
  readonly onInterrupt: "cancel" | "finish";
  readonly filler: ToolFiller | undefined;
  /** What is wrong with these arguments, in words for the model, or undefined. */
  check(args: unknown): string | undefined;
  /** Called with arguments that passed `check`. */
  execute(args: unknown, context: ToolContext): unknown;
}

/** Spoken while a tool takes its time. */
export interface ToolFiller {
  /** For example "One moment, I am looking that up." */
  readonly text: string;
  /** Milliseconds of silence before it is said. Default: 1500. */
  readonly afterMs?: number;
}
