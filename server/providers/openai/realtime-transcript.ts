import { concatPcm, durationMs, pcmToBytes } from "../../realtime/audio/pcm";
import { loadResamplers, type Resampler } from "../../realtime/audio/resample";
import { Bell } from "../../realtime/engine/bell";
import { EngineError } from "../../realtime/engine/errors";
import type { ListenRequest, TranscriptEvent, TranscriptStream } from "../../realtime/engine/types";
import type { UpstreamEvent } from "./realtime-events";
import { openUpstream, type OptionalSetting, type Upstream, type UpstreamEndpoint } from "./realtime-upstream";
import { RealtimeWords } from "./realtime-words";

export interface RealtimeTranscriptOptions {
  readonly endpoint: UpstreamEndpoint;
  readonly request: ListenRequest;
  /** Audio that may wait to be sent. */
  readonly mostWaitingMs: number;
}

/** The one rate that servers take. */
const RATE = 24_000;
/** One message holds at most so much. */
const MESSAGE_MS = 1_000;
/** Servers refuse to transcribe less: silence is added. */
const LEAST_MS = 100;

/** One utterance over a connection of its own. What is pushed waits until the server is ready, and while it is busy. */
export class RealtimeTranscript implements TranscriptStream {
  readonly #options: RealtimeTranscriptOptions;
  readonly #words: RealtimeWords;
  readonly #events: TranscriptEvent[] = [];
  readonly #told = new Bell();
  readonly #wanted = new Bell();
  #waiting: Int16Array[] = [];
  #waitingMs = 0;
  #sentMs = 0;
  #finished = false;
  #end: { readonly error?: unknown } | undefined;
  readonly #stopped = new AbortController();
  #upstream: Upstream | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: RealtimeTranscriptOptions) {
    this.#options = options;
    this.#words = new RealtimeWords(options.endpoint);
    const { signal } = options.request;
    signal.addEventListener("abort", this.#abort, { once: true });
    if (signal.aborted) this.#abort();
    else void this.#run().catch((error: unknown) => this.#stop({ error }));
  }

  push(samples: Int16Array): void {
    if (this.#finished || this.#end !== undefined || samples.length === 0) return;
    this.#waiting.push(samples.slice());
    this.#waitingMs += durationMs(samples.length, this.#options.request.sampleRate);
    if (this.#waitingMs > this.#options.mostWaitingMs) this.#stop({ error: tooSlow() });
    this.#wanted.ring();
  }

  finish(): void {
    this.#finished = true;
    if (this.#upstream !== undefined) this.#expectNews();
    this.#wanted.ring();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TranscriptEvent, void> {
    try {
      for (;;) {
        const event = this.#events.shift();
        if (event !== undefined) yield event;
        else if (this.#end === undefined) await this.#told.wait();
        else if ("error" in this.#end) throw this.#end.error;
        else return;
      }
    } finally {
      this.#stop({});
    }
  }

  // ---------------------------------------------------------------- audio out

  async #run(): Promise<void> {
    const { endpoint, request } = this.#options;
    const createResampler = await loadResamplers();
    // Nobody is asked about an utterance that turns out to be empty.
    while (this.#waiting.length === 0 && !this.#finished && this.#end === undefined) await this.#wanted.wait();
    if (this.#end !== undefined) return;
    if (this.#waiting.length === 0) return this.#tell({ type: "done", text: "" });
    this.#upstream = await openUpstream(endpoint, {
      signal: this.#stopped.signal,
      session: (refused) => transcriptionSession({ endpoint, request, refused }),
      onEvent: (event) => this.#hear(event),
      onEnd: (error) => this.#stop({ error }),
    });
    if (this.#end !== undefined) return this.#upstream.close();
    if (this.#finished) this.#expectNews();
    const resampler = createResampler({ from: request.sampleRate, to: RATE });
    try {
      await this.#sendAll(resampler);
    } finally {
      resampler.close();
    }
  }

  async #sendAll(resampler: Resampler): Promise<void> {
    while (this.#end === undefined && (!this.#finished || this.#waiting.length > 0)) {
      if (this.#waiting.length > 0) await this.#send(resampler.process(this.#take()));
      else await this.#wanted.wait();
    }
    if (this.#end !== undefined) return;
    await this.#send(resampler.flush());
    const missing = Math.max(0, Math.ceil(((LEAST_MS - this.#sentMs) * RATE) / 1000));
    await this.#send(new Int16Array(missing));
    this.#words.commit();
    await this.#upstream?.send({ type: "input_audio_buffer.commit" });
  }

  async #send(samples: Int16Array): Promise<void> {
    if (samples.length === 0) return;
    this.#sentMs += durationMs(samples.length, RATE);
    await this.#upstream?.send({
      type: "input_audio_buffer.append",
      audio: pcmToBytes(samples).toString("base64"),
    });
    if (this.#finished) this.#expectNews();
  }

  /** What waits, up to the size of one message. */
  #take(): Int16Array {
    const rate = this.#options.request.sampleRate;
    let room = Math.ceil((rate * MESSAGE_MS) / 1000);
    const taken: Int16Array[] = [];
    while (room > 0 && this.#waiting.length > 0) {
      const [first = new Int16Array(0)] = this.#waiting;
      taken.push(first.subarray(0, room));
      if (first.length > room) this.#waiting[0] = first.subarray(room);
      else this.#waiting.shift();
      room -= taken.at(-1)!.length;
    }
    const samples = concatPcm(taken);
    this.#waitingMs -= durationMs(samples.length, rate);
    return samples;
  }

  // ---------------------------------------------------------------- words in

  #hear(event: UpstreamEvent): void {
    if (this.#end !== undefined) return;
    if (this.#finished) this.#expectNews();
    try {
      const news = this.#words.read(event);
      if (news !== undefined) this.#tell(news);
    } catch (error) {
      this.#stop({ error });
    }
  }

  #tell(event: TranscriptEvent): void {
    this.#events.push(event);
    this.#told.ring();
    if (event.type === "done") this.#stop({});
  }

  // ---------------------------------------------------------------- the end

  /** From `finish` on, the server owes an answer: silence must not last. */
  #expectNews(): void {
    clearTimeout(this.#patience);
    if (this.#end !== undefined) return;
    const { timeoutMs } = this.#options.endpoint;
    this.#patience = setTimeout(() => this.#stop({ error: silent(timeoutMs) }), timeoutMs);
  }

  readonly #abort = (): void => this.#stop({ error: this.#options.request.signal.reason });

  /** The first reason counts. */
  #stop(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    clearTimeout(this.#patience);
    this.#options.request.signal.removeEventListener("abort", this.#abort);
    this.#waiting = [];
    this.#stopped.abort();
    this.#upstream?.close();
    this.#wanted.ring();
    this.#told.ring();
  }
}

interface SessionParts {
  readonly endpoint: UpstreamEndpoint;
  readonly request: ListenRequest;
  readonly refused: ReadonlySet<OptionalSetting>;
}

function transcriptionSession({ endpoint, request, refused }: SessionParts): Readonly<Record<string, unknown>> {
  const { language, prompt, keywords = [], logprobs: wanted } = request;
  const asks = (setting: OptionalSetting): boolean => !refused.has(setting);
  return {
    type: "transcription",
    audio: {
      input: {
        format: { type: "audio/pcm", rate: RATE },
        transcription: {
          model: endpoint.model,
          ...(language && asks("language") && { language }),
          ...(prompt && asks("prompt") && { prompt }),
          ...(keywords.length > 0 && asks("keywords") && { keywords }),
        },
        turn_detection: null,
      },
    },
    ...(wanted && asks("include") && { include: ["item.input_audio_transcription.logprobs"] }),
  };
}

function tooSlow(): EngineError {
  const message = "The stt provider takes audio more slowly than it is spoken.";
  return new EngineError({ stage: "stt", code: "provider_error", message, retryable: true });
}

function silent(ms: number): EngineError {
  const message = `The stt provider sent nothing for ${Math.round(ms / 100) / 10} s.`;
  return new EngineError({ stage: "stt", code: "timeout", message, retryable: true });
}
