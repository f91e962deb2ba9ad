import { concatPcm, durationMs } from "../audio/pcm";
import { EngineError } from "./errors";
import type { ListenRequest, SpeechToText, TranscriptEvent, TranscriptStream } from "./types";

/** More is no utterance: nobody will ever finish it. */
const MOST_MS = 30 * 60_000;

/** Makes a `listen` of a recogniser of whole recordings: collects what is pushed, and transcribes it at `finish`. */
export function batchListening(transcribe: SpeechToText["transcribe"]): (request: ListenRequest) => TranscriptStream {
  return (request) => new Collector(transcribe, request);
}

class Collector implements TranscriptStream {
  #chunks: Int16Array[] = [];
  #ms = 0;
  #end: () => void = () => undefined;
  readonly #ended = new Promise<void>((resolve) => (this.#end = resolve));
  #finished = false;

  constructor(
    private readonly transcribe: SpeechToText["transcribe"],
    private readonly request: ListenRequest,
  ) {
    request.signal.addEventListener("abort", this.#stop, { once: true });
    if (request.signal.aborted) this.#stop();
  }

  push(samples: Int16Array): void {
    if (this.#finished) return;
    this.#ms += durationMs(samples.length, this.request.sampleRate);
    if (this.#ms > MOST_MS) this.#stop();
    else this.#chunks.push(samples.slice());
  }

  finish(): void {
    this.#finished = true;
    this.#end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TranscriptEvent, void> {
    const { sampleRate, keywords = [], prompt, ...request } = this.request;
    try {
      await this.#ended;
      request.signal.throwIfAborted();
      if (this.#ms > MOST_MS) throw tooLong();
      const audio = { samples: concatPcm(this.#chunks), sampleRate };
      const hints = [prompt, ...keywords].filter((hint) => hint !== undefined).join(", ");
      yield* this.transcribe({ ...request, audio, ...(hints !== "" && { prompt: hints }) });
    } finally {
      this.#stop();
    }
  }

  readonly #stop = (): void => {
    this.request.signal.removeEventListener("abort", this.#stop);
    this.#chunks = [];
    this.finish();
  };
}

function tooLong(): EngineError {
  const message = `Nobody can be listened to for more than ${MOST_MS / 60_000} minutes at once.`;
  return new EngineError({ stage: "stt", code: "bad_request", message });
}
