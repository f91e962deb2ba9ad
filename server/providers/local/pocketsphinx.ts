import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { durationMs, pcmToBytes } from "../../realtime/audio/pcm";
import { resampleAll } from "../../realtime/audio/resample";
import { EngineError } from "../../realtime/engine/errors";
import type { SpeechToText, TranscribeRequest, TranscriptEvent } from "../../realtime/engine/types";
import { findCommand, isFile } from "./find-command";
import { PocketsphinxProcess } from "./pocketsphinx-process";
import { RecogniserQueue, recogniserClosed } from "./recogniser-queue";
import { within } from "./within";

/** A pocketsphinx that is installed here. */
export interface PocketsphinxFound {
  /** Path of `pocketsphinx_batch`. */
  readonly command: string;
  /** Folder that holds the US English model: `en-us/`, `en-us.lm.bin` and `cmudict-en-us.dict`. */
  readonly modelDir: string;
}

export interface PocketsphinxOptions {
  /** Recogniser processes at most (about 100 MB each); further speech waits. Default: the number of cores, at most 4. */
  readonly processes?: number;
  /** Milliseconds that one recognition may take, besides as long again as its audio lasts. Default 20000. */
  readonly timeoutMs?: number;
}

const RATE = 16_000;
const SHORTEST_MS = 60;
const MAX_WAITING = 100;

/**
 * Looks for `pocketsphinx_batch` on PATH and for its US English model where packages put it (Debian's `pocketsphinx`
 * and `pocketsphinx-en-us`, Homebrew, /usr/local, `POCKETSPHINX_PATH`). Undefined when either is missing, or on Windows.
 */
export async function findPocketsphinx(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<PocketsphinxFound | undefined> {
  if (process.platform === "win32") return undefined;
  const command = await findCommand("pocketsphinx_batch", env.PATH);
  if (command === undefined) return undefined;
  const models = [
    ...(env.POCKETSPHINX_PATH ? [env.POCKETSPHINX_PATH] : []),
    resolve(dirname(command), "../share/pocketsphinx/model"),
    "/usr/share/pocketsphinx/model",
    "/usr/local/share/pocketsphinx/model",
    "/opt/homebrew/share/pocketsphinx/model",
  ];
  for (const folder of models) {
    const modelDir = join(folder, "en-us");
    const parts = ["en-us/mdef", "en-us.lm.bin", "cmudict-en-us.dict"].map((part) => isFile(join(modelDir, part)));
    if ((await Promise.all(parts)).every(Boolean)) return { command, modelDir };
  }
  return undefined;
}

/**
 * US English speech recognition by the local pocketsphinx. The first process starts at once, so that its model is
 * loaded when somebody has spoken. A recording lies in a private temporary folder while it is recognised. Audio with
 * no words in it gives an empty text.
 *
 * `transcribe` throws an EngineError for a language other than English, after the timeout, when pocketsphinx fails
 * (with what it said), when more than 100 recordings wait, and once closed; the signal's reason after an abort.
 */
export function createPocketsphinx(found: PocketsphinxFound, options: PocketsphinxOptions = {}): SpeechToText {
  const recogniser = new Pocketsphinx(found, options);
  return {
    name: "pocketsphinx",
    local: true,
    capabilities: { streaming: false },
    transcribe: (request) => recogniser.transcribe(request),
    close: () => recogniser.close(),
  };
}

class Pocketsphinx {
  readonly #found: PocketsphinxFound;
  readonly #timeoutMs: number;
  readonly #queue: RecogniserQueue;
  readonly #folder = tmpdir();
  readonly #running = new Set<PocketsphinxProcess>();
  readonly #idle: PocketsphinxProcess[] = [];
  #closed = false;

  constructor(found: PocketsphinxFound, { processes, timeoutMs = 20_000 }: PocketsphinxOptions) {
    this.#found = found;
    this.#timeoutMs = timeoutMs;
    const running = Math.max(1, processes ?? Math.min(4, availableParallelism()));
    this.#queue = new RecogniserQueue({ running, waiting: MAX_WAITING });
    this.#warmUp();
  }

  async *transcribe({ audio, language, signal }: TranscribeRequest): AsyncGenerator<TranscriptEvent> {
    if (language !== undefined && !/^en\b/i.test(language)) throw onlyEnglish(language);
    const { samples } = await resampleAll(audio, RATE);
    const ms = durationMs(samples.length, RATE);
    const text = ms < SHORTEST_MS ? "" : await this.#queue.run(() => this.#recognise(samples, signal), signal);
    yield { type: "done", text, usage: { type: "duration", seconds: ms / 1000 } };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.close();
    const running = [...this.#running];
    for (const process of running) process.kill();
    await Promise.all(running.map((process) => process.exited));
  }

  async #recognise(samples: Int16Array, signal: AbortSignal): Promise<string> {
    const folder = await mkdtemp(join(this.#folder, "antiphon-speech-"));
    try {
      await writeFile(join(folder, "speech.raw"), pcmToBytes(samples));
      return await this.#ask(`${basename(folder)}/speech`, {
        ms: this.#timeoutMs + durationMs(samples.length, RATE),
        signal,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #ask(name: string, limits: { readonly ms: number; readonly signal: AbortSignal }): Promise<string> {
    limits.signal.throwIfAborted();
    const process = this.#take();
    try {
      const text = await within(process.recognise(name), { ...limits, timeout: tooSlow });
      this.#idle.push(process);
      return text;
    } catch (error) {
      // It may still be busy with this recording, so the next one gets a fresh process.
      process.kill();
      this.#warmUp();
      limits.signal.throwIfAborted();
      if (this.#closed) throw recogniserClosed();
      throw error instanceof EngineError ? error : failed(error);
    }
  }

  #take(): PocketsphinxProcess {
    for (let process = this.#idle.pop(); process; process = this.#idle.pop()) if (process.alive) return process;
    if (this.#closed) throw recogniserClosed();
    return this.#start();
  }

  #warmUp(): void {
    if (this.#idle.length === 0 && !this.#closed) this.#idle.push(this.#start());
  }

  #start(): PocketsphinxProcess {
    const process = new PocketsphinxProcess({ ...this.#found, folder: this.#folder });
    this.#running.add(process);
    void process.exited.then(() => this.#running.delete(process));
    return process;
  }
}

function onlyEnglish(language: string): EngineError {
  const message = `pocketsphinx hears English only, not "${language}": set STT_BASE_URL or OPENAI_API_KEY for other languages.`;
  return new EngineError({ stage: "stt", code: "bad_request", message });
}

function tooSlow(): EngineError {
  const message = "pocketsphinx took too long to recognise the speech.";
  return new EngineError({ stage: "stt", code: "timeout", message, retryable: true });
}

function failed(cause: unknown): EngineError {
  const message = cause instanceof Error ? cause.message : "pocketsphinx failed.";
  return new EngineError({ stage: "stt", code: "failed", message, cause });
}
