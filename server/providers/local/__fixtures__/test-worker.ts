import { threadId } from "node:worker_threads";
import { serveWorker } from "../worker-server";

export type TestInput =
  | { readonly do: "double"; readonly samples: Int16Array }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "fail" | "die" | "exit" | "thread" };

/** A worker that behaves and misbehaves on request. */
serveWorker<TestInput, Int16Array | number>(async (input) => {
  switch (input.do) {
    case "double": {
      const samples = input.samples.map((sample) => sample * 2);
      return { value: samples, transfer: [samples.buffer] };
    }
    case "wait":
      await new Promise((resolve) => setTimeout(resolve, input.ms));
      return { value: input.ms };
    case "thread":
      return { value: threadId };
    case "fail":
      throw new RangeError("too loud");
    case "die":
      setImmediate(() => {
        throw new Error("struck by lightning");
      });
      return new Promise(() => {});
    case "exit":
      return process.exit(7);
  }
});
