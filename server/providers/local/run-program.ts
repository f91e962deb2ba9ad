import { spawn } from "node:child_process";
import { StderrTail } from "./stderr-tail";

export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  /** Bytes for its standard input. */
  readonly input: Uint8Array;
  readonly signal: AbortSignal;
}

const MAX_OUTPUT = 1_000_000;

/**
 * Runs a program to its end and gives back what it wrote to its standard output. Rejects with what it said last when
 * it failed, or said `error:` and wrote nothing; with the signal's reason, once it is gone, when the signal aborts.
 */
export function runProgram({ command, args, input, signal }: ProgramRun): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command, args, { stdio: "pipe" });
    const errors = new StderrTail(child.stderr);
    const kill = (): void => void child.kill("SIGKILL");
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.length > MAX_OUTPUT) kill();
    });
    signal.addEventListener("abort", kill, { once: true });
    child.once("error", reject);
    child.once("close", (code, killedBy) => {
      signal.removeEventListener("abort", kill);
      const reason = errors.reason();
      if (signal.aborted) reject(signal.reason);
      else if (code !== 0) reject(new Error(reason ?? `it ended with ${killedBy ?? `code ${code}`}`));
      else if (output.trim() === "" && reason?.startsWith("error:")) reject(new Error(reason));
      else resolve(output);
    });
    // A program that ends without reading everything is no error of its own.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
