/**
 * Silero as most servers run it, to compare with: the model's own file, one call for each frame of each stream, in the
 * thread that serves the clients, every frame heard.
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelFeed } from "../server/providers/local/silero/feed";
import { sileroPath } from "../server/providers/local/silero/model";
import { contextSamples, frameSamples, STATE_SIZE } from "../server/providers/local/silero/shape";
import { loadSpeex } from "../server/realtime/audio/speex";
import type { VadStream, VadStreamOptions, VoiceActivityDetector } from "../server/realtime/engine/types";

const RATE = 16_000;

/** Takes a frame and the memory before it. */
type Model = (frame: Float32Array, state: Tensor) => Promise<{ readonly probability: number; readonly state: Tensor }>;

export async function createNaiveSilero(): Promise<VoiceActivityDetector> {
  const speex = await loadSpeex();
  // Not at the top: other benches of this server must not pay for it.
  const onnx = await import("onnxruntime-node");
  const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await onnx.InferenceSession.create(sileroPath(), options);
  const sr = new onnx.Tensor("int64", BigInt64Array.of(BigInt(RATE)), []);
  const model: Model = async (frame, state) => {
    const input = new onnx.Tensor("float32", frame, [1, frame.length]);
    const { output, stateN } = await session.run({ input, state, sr });
    return { probability: Number(output!.data[0]), state: stateN as Tensor };
  };
  const silence = new onnx.Tensor("float32", new Float32Array(STATE_SIZE), [2, 1, STATE_SIZE / 2]);
  const open = (stream: VadStreamOptions): VadStream => {
    const feed = new ModelFeed({ from: stream.sampleRate, to: RATE, speex });
    return listen(stream, { feed, model, silence });
  };
  return { name: "naive", open };
}

interface Parts {
  readonly feed: ModelFeed;
  readonly model: Model;
  /** The memory of a model that heard nothing yet. */
  readonly silence: Tensor;
}

function listen({ sampleRate, onFrame, onError }: VadStreamOptions, { feed, model, silence }: Parts): VadStream {
  const stride = (frameSamples(RATE) * sampleRate) / RATE;
  let state = silence;
  let frames = 0;
  let last: Promise<void> = Promise.resolve();
  const hear = async (frame: Float32Array): Promise<void> => {
    const said = await model(frame, state);
    ({ state } = said);
    frames += 1;
    onFrame({ endSample: Math.round(frames * stride), probability: said.probability });
  };
  return {
    push(samples) {
      feed.push(samples);
      while (feed.ready) {
        const frame = new Float32Array(contextSamples(RATE) + frameSamples(RATE));
        feed.take(frame, 0);
        last = last.then(() => hear(frame)).catch((error: unknown) => onError(error as Error));
      }
    },
    close: () => feed.close(),
  };
}
