import { parentPort } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "./worker-client";

/** What a handler answers: `value` is copied to the caller, except for the buffers in `transfer`, which move there. */
export interface WorkerResult<Output> {
  readonly value: Output;
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * The worker's end of `createWorkerClient`: answers each request with what `handle` returns, or with the error that it
 * throws. Call it once in a worker module; requests are handled as they come, also while earlier ones wait.
 */
export function serveWorker<Input, Output>(
  handle: (input: Input) => WorkerResult<Output> | Promise<WorkerResult<Output>>,
): void {
  const port = parentPort;
  if (!port) throw new Error("This module runs inside a worker thread only.");
  port.on("message", ({ id, input }: WorkerRequest<Input>) => {
    void Promise.resolve()
      .then(() => handle(input))
      .then(
        ({ value, transfer }) =>
          port.postMessage({ id, ok: true, value } satisfies WorkerReply<Output>, [...(transfer ?? [])]),
        (error: unknown) => port.postMessage({ id, ok: false, error: portable(error) } satisfies WorkerReply<Output>),
      );
  });
}

/** Only the plain kinds of error survive the way between threads, and only without odd properties. */
function portable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const copy = new Error(error.message);
  copy.name = error.name;
  if (error.stack) copy.stack = error.stack;
  return copy;
}
