/** The microphone as 24 kHz PCM16 in chunks of 40 ms. The resampling happens in `public/capture-worklet.js`. */
import { problem, ProblemError } from "./problems";

export interface CaptureListener {
  /** `level` is the RMS of the chunk, 0 to 1. */
  onChunk(samples: Int16Array, level: number): void;
  /** The device went away. Nothing comes after it. */
  onLost(): void;
}

type WorkletMessage =
  | { readonly type: "chunk"; readonly samples: ArrayBuffer; readonly level: number }
  | { readonly type: "flushed"; readonly id: number };

const CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** Asks for the microphone. Throws a ProblemError, or what `getUserMedia` threw. */
export async function openMicrophone(listener: CaptureListener, deviceId?: string): Promise<AudioCapture> {
  if (!("mediaDevices" in navigator)) throw new ProblemError(problem("microphone-insecure"));
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { ...CONSTRAINTS, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) },
  });
  // The device's own rate: some browsers refuse to join a microphone to a context of another one.
  const context = new AudioContext({ latencyHint: "interactive" });
  try {
    await context.audioWorklet.addModule("/capture-worklet.js");
    if (context.state !== "running") await context.resume();
    return new AudioCapture({ stream, context, listener });
  } catch (error) {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
    throw error;
  }
}

interface CaptureParts {
  readonly stream: MediaStream;
  readonly context: AudioContext;
  readonly listener: CaptureListener;
}

export class AudioCapture {
  readonly #parts: CaptureParts;
  readonly #node: AudioWorkletNode;
  readonly #flushes = new Map<number, () => void>();
  #lastFlush = 0;
  #closed = false;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
    this.#node = new AudioWorkletNode(parts.context, "antiphon-capture", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.#node.port.onmessage = ({ data }: MessageEvent<WorkletMessage>) => this.#receive(data);
    parts.context.createMediaStreamSource(parts.stream).connect(this.#node);
    parts.stream.getAudioTracks()[0]?.addEventListener("ended", () => this.#lose());
  }

  /** Resolves once everything that was said until now has gone through `onChunk`. */
  flush(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const id = ++this.#lastFlush;
    return new Promise((resolve) => {
      this.#flushes.set(id, resolve);
      this.#node.port.postMessage({ type: "flush", id });
    });
  }

  /** Frees the device; the browser's recording sign goes out. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#node.port.postMessage({ type: "close" });
    this.#node.disconnect();
    for (const track of this.#parts.stream.getTracks()) track.stop();
    void this.#parts.context.close();
    for (const resolve of this.#flushes.values()) resolve();
    this.#flushes.clear();
  }

  #receive(message: WorkletMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case "chunk":
        this.#parts.listener.onChunk(new Int16Array(message.samples), message.level);
        return;
      case "flushed":
        this.#flushes.get(message.id)?.();
        this.#flushes.delete(message.id);
        return;
      default: {
        const unknown: never = message;
        throw new Error(`The capture worklet sent ${JSON.stringify(unknown)}`);
      }
    }
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#parts.listener.onLost();
  }
}
