import { workerData } from "node:worker_threads";
import { NativeGate } from "../native-gate";
import { serveWorker } from "../worker-server";
import { featuresOf } from "./features";
import { loadModel } from "./model";
import type { SmartTurnQuestion, SmartTurnSettings } from "./protocol";

const { path, nativeGate } = workerData as SmartTurnSettings;
const model = loadModel(path, new NativeGate(nativeGate));
// Whoever asks is told; without that, a failure would end the worker.
model.catch(() => {});

serveWorker<SmartTurnQuestion, number>(async (question) => ({
  value: await (await model)(await featuresOf(question)),
}));
