import { basename } from "node:path";
import { durationMs, type Pcm } from "../../realtime/audio/pcm";
import { resampleAll } from "../../realtime/audio/resample";
import { encodeWav } from "../../realtime/audio/wav";
import { EngineError } from "../../realtime/engine/errors";
import type { SpeechToText, TranscribeRequest, TranscriptEvent } from "../../realtime/engine/types";
import { findCommand } from "./find-command";
import { RecogniserQueue, recogniserClosed } from "./recogniser-queue";
import { runProgram } from "./run-program";
import { findWhisperModel } from "./whisper-models";

/** A whisper.cpp that is installed here. */
export interface WhisperCliFound {
  /** Path of `whisper-cli`. */
  readonly command: string;
  /** Path of a ggml model. */
  readonly model: string;
}

export interface WhisperCliSearch {
  /** Path of a ggml model, or a name such as `base.en`. Default: the best one for conversation in the usual folders. */
  readonly model?: string;
  /** Folders to look for the program in, as in `PATH`. Default: this process's own. */
  readonly path?: string;
}

export interface WhisperCliOptions {
  /** Recognitions at once; each uses up to four cores and loads the model anew. Default 1. */
  readonly processes?: number;
  /** Milliseconds that one recognition may take, besides twice as long as its audio lasts. Default 30000. */
  readonly timeoutMs?: number;
}

const RATE = 16_000;
const SHORTEST_MS = 60;
/** whisper.cpp used to refuse less than a second. */
const PADDED_SAMPLES = 1.1 * RATE;
const MAX_WAITING = 100;
const MAX_PROMPT = 1_000;

/** Looks for `whisper-cli` on PATH and for a model. Undefined when either is missing; throws when `model` names none. */
export async function findWhisperCli(search: WhisperCliSearch = {}): Promise<WhisperCliFound | undefined> {
  const command = await findCommand("whisper-cli", search.path);
  if (command === undefined) return undefined;
  const model = await findWhisperModel({ command, wanted: search.model });
  if (model !== undefined) return { command, model };
  if (search.model !== undefined)
    throw new Error(`There is no whisper model "${search.model}": give the path of a ggml file.`);
  return undefined;
}

/**
 * Speech recognition by whisper.cpp's `whisper-cli`, one process an utterance; the audio goes through a pipe, so that
 * nothing is written to disk. The language is found out by the model unless the session names one. What is no speech
 * (`[BLANK_AUDIO]`, `(music)`) is left out.
 *
 * `transcribe` throws an EngineError for a language that an English-only model cannot hear, after the timeout, when
 * whisper-cli fails (with what it said), when more than 100 recordings wait, and once closed; the signal's reason after
 * an abort.
 */
export function createWhisperCli(found: WhisperCliFound, options: WhisperCliOptions = {}): SpeechToText {
  const recogniser = new WhisperCli(found, options);
  return {
    name: "whisper-cli",
    local: true,
    capabilities: { streaming: false },
    transcribe: (request) => recogniser.transcribe(request),
    close: () => recogniser.close(),
  };
}

class WhisperCli {
  readonly #found: WhisperCliFound;
  readonly #timeoutMs: number;
  readonly #queue: RecogniserQueue;
  readonly #running = new Map<AbortController, Promise<unknown>>();

  constructor(found: WhisperCliFound, { processes = 1, timeoutMs = 30_000 }: WhisperCliOptions) {
    this.#found = found;
    this.#timeoutMs = timeoutMs;
    this.#queue = new RecogniserQueue({ running: Math.max(1, processes), waiting: MAX_WAITING });
  }

  async *transcribe(request: TranscribeRequest): AsyncGenerator<TranscriptEvent> {
    const args = whisperArguments(this.#found.model, request);
    const audio = await resampleAll(request.audio, RATE);
    const ms = durationMs(audio.samples.length, RATE);
    const limits = { ms: this.#timeoutMs + 2 * ms, signal: request.signal };
    const run = (): Promise<string> => this.#recognise(args, audio, limits);
    const text = ms < SHORTEST_MS ? "" : await this.#queue.run(run, request.signal);
    yield { type: "done", text, usage: { type: "duration", seconds: ms / 1000 } };
  }

  async close(): Promise<void> {
    this.#queue.close();
    for (const call of this.#running.keys()) call.abort(recogniserClosed());
    await Promise.allSettled(this.#running.values());
  }

  async #recognise(args: readonly string[], audio: Pcm, { ms, signal }: Limits): Promise<string> {
    const call = new AbortController();
    const stop = (): void => call.abort(signal.reason);
    const timer = setTimeout(() => call.abort(tooSlow()), ms);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const { command } = this.#found;
    const output = runProgram({ command, args, input: encodeWav(padded(audio)), signal: call.signal });
    this.#running.set(call, output);
    try {
      return spokenWords(await output.catch(rethrow(call.signal)));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      this.#running.delete(call);
    }
  }
}

interface Limits {
  readonly ms: number;
  readonly signal: AbortSignal;
}

function whisperArguments(model: string, { language, prompt }: TranscribeRequest): string[] {
  const code = language?.toLowerCase().split("-")[0];
  const englishOnly = /\.en\b/.test(basename(model));
  if (englishOnly && code !== undefined && !/^en(glish)?$/.test(code)) throw onlyEnglish(code);
  return [
    ...["--model", model, "--language", code ?? (englishOnly ? "en" : "auto"), "--no-timestamps", "--no-prints"],
    ...(prompt ? ["--prompt", prompt.slice(0, MAX_PROMPT)] : []),
    ...["--file", "-"],
  ];
}

function padded({ samples, sampleRate }: Pcm): Pcm {
  if (samples.length >= PADDED_SAMPLES) return { samples, sampleRate };
  const longer = new Int16Array(PADDED_SAMPLES);
  longer.set(samples);
  return { samples: longer, sampleRate };
}

/** The segments, one a line, as one text, without what stands in brackets for sounds that are no speech. */
function spokenWords(output: string): string {
  return output
    .replace(/\[[^\]\n]*\]|\([^)\n]*\)|\*[^*\n]*\*|[♪♫]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function rethrow(signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError({ stage: "stt", code: "failed", message: `whisper-cli failed: ${reason}`, cause: error });
  };
}

function onlyEnglish(language: string): EngineError {
  const message = `This whisper model hears English only, not "${language}": set WHISPER_MODEL to a multilingual one.`;
  return new EngineError({ stage: "stt", code: "bad_request", message });
}

function tooSlow(): EngineError {
  const message = "whisper-cli took too long to recognise the speech.";
  return new EngineError({ stage: "stt", code: "timeout", message, retryable: true });
}
