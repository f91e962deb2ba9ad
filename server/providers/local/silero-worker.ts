import { workerData } from "node:worker_threads";
import { NativeGate } from "./native-gate";
import { loadSilero } from "./silero-model";
import type { SileroNews, SileroReport } from "./silero-protocol";
import { SileroRoom } from "./silero-room";
import { serveWorker } from "./worker-server";

if (!(workerData instanceof SharedArrayBuffer)) throw new Error("Silero's worker needs the memory of its gate.");
const room = loadSilero(new NativeGate(workerData)).then((model) => new SileroRoom(model));
// Whoever asks is told; without that, a failure would end the worker.
room.catch(() => {});

serveWorker<SileroNews, SileroReport>(async (news) => ({ value: await (await room).hear(news) }));
