import { workerData } from "node:worker_threads";
import { loadSpeex } from "../../../realtime/audio/speex";
import { NativeGate } from "../native-gate";
import { serveWorker } from "../worker-server";
import { loadSilero } from "./model";
import type { SileroNews, SileroReport, SileroSettings } from "./protocol";
import { SileroRoom } from "./room";

async function open({ nativeGate, gate, batch, narrow }: SileroSettings): Promise<SileroRoom> {
  const [model, speex] = await Promise.all([
    loadSilero(new NativeGate(nativeGate), narrow ? [16_000, 8_000] : [16_000]),
    loadSpeex(),
  ]);
  return new SileroRoom({ model, speex, gate, batch, narrow });
}

const room = open(workerData as SileroSettings);
// Whoever asks is told; without that, a failure would end the worker.
room.catch(() => {});

serveWorker<SileroNews, SileroReport>(async (news) => ({ value: await (await room).hear(news) }));
