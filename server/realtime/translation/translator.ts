/**
 * Translates a talk while it is held: audio → utterances → words → clauses → their translation → speech. Each step is a
 * task of its own that waits for room in the next one, so that a step that is slow holds up the ones before it, and what
 * grows is the one queue that is bounded by its owner: the audio that was not listened to yet.
 */
import { msOf } from "../audio/formats";
import { batchListening } from "../engine/batch-listening";
import { Channel } from "./channel";
import { Ears, type Utterance } from "./ears";
import { FrameQueue, WIRE } from "./frames";
import { Interpreter } from "./interpreter";
import { Speaker } from "./speaker";
import { ClauseCutter, GrowingText, newWords } from "./text";
import type { TranslatorOptions } from "./types";

interface Clause {
  readonly text: string;
  readonly elapsedMs: number;
}

const MOST_UTTERANCES = 4;
const MOST_CLAUSES = 16;

/** What waits in each step. */
export interface TranslatorLoad {
  readonly bytes: number;
  readonly utterances: number;
  readonly clauses: number;
  readonly speech: number;
}

export class Translator {
  /** Resolves when everything that was appended before `finish` has been translated and spoken. Never rejects. */
  readonly done: Promise<void>;
  private readonly abort = new AbortController();
  private readonly frames = new FrameQueue();
  private readonly utterances = new Channel<Utterance>(MOST_UTTERANCES);
  private readonly clauses = new Channel<Clause>(MOST_CLAUSES);
  private readonly ears: Ears;
  private readonly interpreter: Interpreter;
  private readonly speaker: Speaker;
  private readonly heard = new GrowingText();
  private readonly translated = new GrowingText();
  private readonly startedAt = performance.now();
  private takenMs = 0;

  constructor(private readonly options: TranslatorOptions) {
    const { engine } = options;
    const { signal } = this.abort;
    const listen = engine.listen?.bind(engine) ?? batchListening((request) => engine.transcribe(request));
    this.ears = new Ears({
      vad: engine.vad,
      listen: (sampleRate) => listen({ sampleRate, signal, ...this.hints() }),
      onUtterance: (utterance) => this.utterances.push(utterance),
      onFailure: (error) => this.failed(error),
    });
    this.interpreter = new Interpreter(options, signal);
    this.speaker = new Speaker({
      ...options,
      signal,
      // A recording that comes faster than it was spoken is as long as it is.
      now: () => Math.max(performance.now() - this.startedAt, this.takenMs),
    });
    this.done = Promise.all([
      this.step(() => this.listenToAll(), this.utterances),
      this.step(() => this.writeDown(), this.clauses),
      this.step(() => this.translateAll(), this.speaker),
      this.step(() => this.speaker.run(), undefined),
    ]).then(() => undefined);
  }

  get load(): TranslatorLoad {
    return {
      bytes: this.frames.byteLength,
      utterances: this.utterances.size,
      clauses: this.clauses.size,
      speech: this.speaker.waiting,
    };
  }

  append(bytes: Buffer): void {
    this.frames.push(bytes);
  }

  /** No more audio comes: the rest is translated, see `done`. */
  finish(): void {
    this.frames.end();
  }

  /** Drops everything. */
  stop(): void {
    this.abort.abort();
    this.frames.stop();
    this.ears.close();
    this.utterances.stop();
    this.clauses.stop();
    this.speaker.stop();
  }

  // ---------------------------------------------------------------- the steps

  private async listenToAll(): Promise<void> {
    for (let frame = await this.frames.next(); frame !== undefined; frame = await this.frames.next()) {
      this.takenMs += msOf(WIRE, frame.byteLength);
      this.ears.hear(frame);
      await this.ears.caughtUp();
      await this.utterances.room();
    }
    if (!this.abort.signal.aborted) await this.ears.finish();
  }

  private async writeDown(): Promise<void> {
    for await (const { words, elapsedMs, heardMs } of this.utterances) {
      const cutter = new ClauseCutter();
      let first = true;
      try {
        for await (const text of newWords(words)) {
          const told: string = first ? this.heard.begin(text) : this.heard.add(text);
          if (told !== "") this.options.report({ type: "heard", text: told, elapsedMs: elapsedMs() });
          first &&= told === "";
          await this.pass(cutter.push(text), elapsedMs());
        }
      } catch (error) {
        this.failed(error);
      }
      this.options.report({ type: "listened", ms: heardMs() });
      await this.pass(cutter.flush(), elapsedMs());
    }
  }

  private async pass(clauses: readonly string[], elapsedMs: number): Promise<void> {
    for (const text of clauses) {
      this.clauses.push({ text, elapsedMs });
      await this.clauses.room();
    }
  }

  private async translateAll(): Promise<void> {
    for await (const { text, elapsedMs } of this.clauses) {
      let target = "";
      try {
        for await (const piece of this.interpreter.translate(text)) {
          const told: string = target === "" ? this.translated.begin(piece) : this.translated.add(piece);
          target += told;
          if (told !== "") this.options.report({ type: "translated", text: told, elapsedMs });
        }
      } catch (error) {
        this.failed(error);
      }
      this.speaker.add(target, elapsedMs);
      await this.speaker.room();
    }
  }

  // ---------------------------------------------------------------- inside

  private hints() {
    const { transcriptionModel: model } = this.options.settings();
    return model === undefined ? {} : { model };
  }

  /** One step's fault ends that step, not the ones after it. */
  private async step(run: () => Promise<void>, next: { end(): void } | undefined): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.failed(error);
    }
    next?.end();
  }

  private failed(error: unknown): void {
    if (!this.abort.signal.aborted) this.options.report({ type: "failed", error });
  }
}
