/** A recogniser that listens while the person speaks: fed with the turn's audio as it comes, read when the turn is over. */
import type { WireFormat } from "../audio/formats";
import type { ListenRequest, TranscriptEvent, TranscriptStream } from "../engine/types";
import type { AudioClip } from "./clip";
import { Held } from "./held";

export interface LiveWordsOptions {
  readonly format: WireFormat;
  /** What was said before anybody listened. */
  readonly before: AudioClip;
  listen(request: Pick<ListenRequest, "sampleRate" | "signal">): TranscriptStream;
  /** The words so far, each time there are more. */
  onWords(words: string): void;
}

export class LiveWords {
  readonly abort = new AbortController();
  readonly events: Held<TranscriptEvent>;
  readonly format: WireFormat;
  private readonly stream: TranscriptStream;
  /** What came while the audio before was still being read. */
  private waiting: Int16Array[] | undefined = [];
  private finished = false;
  /** The words so far. */
  words = "";

  constructor(options: LiveWordsOptions) {
    this.format = options.format;
    this.stream = options.listen({ sampleRate: options.format.sampleRate, signal: this.abort.signal });
    this.events = new Held(this.stream, {
      onEvent: (event) => {
        if (event.type === "segment") return;
        this.words = event.type === "done" ? event.text : this.words + event.text;
        options.onWords(this.words);
      },
    });
    void this.catchUp(options.before);
  }

  push(samples: Int16Array): void {
    if (this.waiting === undefined) this.stream.push(samples);
    else this.waiting.push(samples.slice());
  }

  /** No more audio comes: the rest of the words follows. */
  finish(): void {
    this.finished = true;
    if (this.waiting === undefined) this.stream.finish();
  }

  drop(): void {
    this.abort.abort();
  }

  private async catchUp(before: AudioClip): Promise<void> {
    this.stream.push((await before.toPcm()).samples);
    for (const samples of this.waiting ?? []) this.stream.push(samples);
    this.waiting = undefined;
    if (this.finished) this.stream.finish();
  }
}
