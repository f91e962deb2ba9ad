/** Speaks translated clauses, one after another and in order; while one is being sent the next is made already. */
import { createWireEncoder, msOf } from "../audio/formats";
import type { Pcm } from "../audio/pcm";
import { Pieces } from "../audio/pieces";
import { Bell } from "../engine/bell";
import { ClauseAudio } from "../engine/clause-audio";
import { createSpeakable } from "../engine/speakable";
import type { ReplyEvent } from "../engine/types";
import { WIRE } from "./frames";
import { Pace } from "./pace";
import type { TranslatorOptions } from "./types";

export interface SpeakerOptions extends Pick<TranslatorOptions, "engine" | "room" | "report"> {
  readonly signal: AbortSignal;
  /** How long the talk has lasted, in ms. */
  now(): number;
}

interface Clause {
  readonly words: string;
  readonly elapsedMs: number;
  audio: ClauseAudio | undefined;
}

/** Clauses that may wait to be spoken. */
const MOST_WAITING = 8;
/** Clauses that are synthesised while an earlier one is being sent. */
const LOOK_AHEAD = 1;

export class Speaker {
  private readonly clauses: Clause[] = [];
  private readonly changed = new Bell();
  private readonly taken = new Bell();
  private readonly pace: Pace;
  private ended = false;

  constructor(private readonly options: SpeakerOptions) {
    this.pace = new Pace(() => options.now());
  }

  get waiting(): number {
    return this.clauses.length;
  }

  add(text: string, elapsedMs: number): void {
    // A function of its own for each: what a model opens and never closes must not silence the rest of the talk.
    const words = createSpeakable()(text);
    if (words === "" || this.ended) return;
    this.clauses.push({ words, elapsedMs, audio: undefined });
    this.synthesizeAhead();
    this.changed.ring();
  }

  /** Resolves when another clause may be added. */
  async room(): Promise<void> {
    while (this.clauses.length >= MOST_WAITING && !this.ended) await this.taken.wait();
  }

  /** Nothing more comes; what waits is still spoken. */
  end(): void {
    this.ended = true;
    this.changed.ring();
    this.taken.ring();
  }

  stop(): void {
    for (const clause of this.clauses) clause.audio?.stop();
    this.clauses.length = 0;
    this.end();
  }

  /** Resolves when all is spoken. */
  async run(): Promise<void> {
    for (;;) {
      const [clause] = this.clauses;
      if (clause !== undefined) {
        await this.speak(clause);
        if (this.clauses[0] === clause) this.clauses.shift();
        this.taken.ring();
        this.synthesizeAhead();
      } else if (this.ended) return;
      else await this.changed.wait();
    }
  }

  private async speak({ audio, elapsedMs }: Clause): Promise<void> {
    if (audio === undefined) return;
    const { signal } = this.options;
    const encoder = createWireEncoder(WIRE);
    const pieces = new Pieces(WIRE);
    try {
      for (let pcm = await this.next(audio); pcm !== undefined; pcm = await this.next(audio))
        await this.send(pieces.push(await encoder.encode(pcm)), elapsedMs);
      await this.send([...pieces.push(await encoder.flush()), ...pieces.flush()], elapsedMs);
    } catch (error) {
      if (!signal.aborted) this.options.report({ type: "failed", error });
    } finally {
      audio.stop();
      encoder.close();
    }
  }

  /** The next chunk; undefined at the end. */
  private async next(audio: ClauseAudio) {
    while (!audio.ready && !this.options.signal.aborted) await this.changed.wait();
    return this.options.signal.aborted ? undefined : audio.take();
  }

  private async send(pieces: readonly Buffer[], elapsedMs: number): Promise<void> {
    for (const bytes of pieces) {
      await this.options.room();
      if (this.options.signal.aborted) return;
      this.pace.sent(msOf(WIRE, bytes.length));
      this.options.report({ type: "spoken", bytes, elapsedMs });
    }
  }

  private synthesizeAhead(): void {
    const { engine, signal } = this.options;
    for (const clause of this.clauses.slice(0, 1 + LOOK_AHEAD)) {
      const { words: text } = clause;
      const request = { text, modality: "audio", voice: engine.defaultVoice, speed: this.pace.speed, signal } as const;
      clause.audio ??= new ClauseAudio(soundOf(engine.speak(request)), () => this.changed.ring());
    }
  }
}

async function* soundOf(events: AsyncIterable<ReplyEvent>): AsyncGenerator<Pcm, void> {
  for await (const event of events) if (event.type === "audio") yield event.audio;
}
