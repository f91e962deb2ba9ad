/** Run by a test as a process: it asks its worker once, leaves it open, and must still end by itself. */
import { spawnWorker } from "../spawn-worker";
import { WorkerClient } from "../worker-client";
import type { TestInput } from "./test-worker";

const client = new WorkerClient<TestInput, Int16Array | number>({
  name: "Test",
  spawn: () => spawnWorker("test-worker", { folder: import.meta.url }),
});
const doubled = await client.call({ do: "double", samples: Int16Array.of(1, 2, 3) });
console.log(String(doubled));
