/** Runs one call to its end, whatever the tool does: in bounded time, with a result of bounded size. Never rejects. */
import type { ServerTool, ToolContext, ToolFailureReason } from "./types";

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the model is told. */
  readonly output: string;
  /** Why it is not ok. */
  readonly reason?: ToolFailureReason;
  /** What was thrown, for the log. */
  readonly error?: unknown;
}

export interface ToolRun {
  readonly tool: Pick<ServerTool, "name" | "timeoutMs" | "execute">;
  readonly args: unknown;
  readonly context: Omit<ToolContext, "signal">;
  /** Aborts when nobody wants the result any more: the run then ends at once. */
  readonly signal: AbortSignal;
  /** Characters of output. Default: 100,000. */
  readonly maxOutput?: number;
}

const MAX_OUTPUT = 100_000;

export async function runTool({ tool, args, context, signal, maxOutput = MAX_OUTPUT }: ToolRun): Promise<ToolOutcome> {
  const call = new AbortController();
  const ended = deferred<ToolOutcome>();
  const stop = (message: string, reason: ToolFailureReason): void => {
    ended.resolve(failed(message, reason));
    call.abort(new Error(message));
  };
  const cancel = (): void => stop("The call was cancelled.", "cancelled");
  const late = `The tool gave no answer within ${tool.timeoutMs} ms.`;
  const timer = setTimeout(() => stop(late, "timeout"), tool.timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  else
    execute({ tool, args, context: { ...context, signal: call.signal } }, maxOutput).then(ended.resolve, ended.resolve);
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}

async function execute(
  { tool, args, context }: Pick<ToolRun, "tool" | "args"> & { readonly context: ToolContext },
  maxOutput: number,
): Promise<ToolOutcome> {
  try {
    const output = toOutput(await tool.execute(args, context));
    if (output.length <= maxOutput) return { ok: true, output };
    const message = `The tool's result is too large: ${output.length} characters, where ${maxOutput} can be used.`;
    return failed(message, "too_large");
  } catch (error) {
    return { ...failed(error instanceof Error ? error.message : "The tool failed.", "threw"), error };
  }
}

/** The model is told in the same shape, whatever went wrong. */
export function failed(message: string, reason: ToolFailureReason): ToolOutcome {
  return { ok: false, output: JSON.stringify({ error: message }), reason };
}

/** Throws for what cannot be JSON: a circle, a BigInt. */
function toOutput(result: unknown): string {
  if (typeof result === "string") return result;
  if (result === undefined) return "done";
  return JSON.stringify(result) ?? "done";
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
