/** A reply of a model that speaks for itself, as sessions take it. */
import type { Pcm } from "../audio/pcm";
import { createStretcher, type Stretcher } from "../audio/stretch";
import type { SpeechModelEvent } from "./speech-model";
import type { GenerateEvent, ReplyEvent } from "./types";

export interface OwnVoiceOptions {
  readonly speed: number;
  /** Says what the model wrote and did not say. Ends with a `finish`, which is left out. */
  say(text: string): AsyncIterable<ReplyEvent>;
}

/**
 * Sound and its words as they come. What the model writes is held back until its sound begins: then it is what is being
 * said. Without any sound by the next call, or by the end, it is said in another way.
 */
export async function* ownVoice(
  events: AsyncIterable<SpeechModelEvent>,
  { speed, say }: OwnVoiceOptions,
): AsyncGenerator<ReplyEvent, void> {
  const pace = new Pace(speed);
  let written = "";
  let spoke = false;
  for await (const event of events) {
    switch (event.type) {
      case "text":
        if (spoke) yield { ...event, type: "speech", joins: true };
        else written += event.text;
        break;
      case "speech":
        yield { ...event, joins: true };
        break;
      case "audio":
        if (written !== "") yield { type: "speech", text: written, joins: true };
        written = "";
        spoke = true;
        yield* pace.push(event.audio);
        break;
      case "tool-call":
      case "finish":
        yield* pace.end();
        if (written !== "") yield* withoutEnd(say(written));
        written = "";
        yield event;
        break;
      case "kept":
      case "tool-arguments":
      case "tool-call-done":
        yield event;
        break;
      default:
        event satisfies never;
    }
  }
}

/** The words of it alone. */
export async function* inWords(events: AsyncIterable<SpeechModelEvent>): AsyncGenerator<GenerateEvent, void> {
  for await (const event of events) {
    if (event.type === "speech") yield { type: "text", text: event.text };
    else if (event.type !== "audio" && event.type !== "kept") yield event;
  }
}

async function* withoutEnd(events: AsyncIterable<ReplyEvent>): AsyncGenerator<ReplyEvent, void> {
  for await (const event of events) if (event.type !== "finish") yield event;
}

/** Models speak at their own pace; what comes of it goes at the one that was asked for. */
class Pace {
  private current: { readonly sampleRate: number; readonly stretcher: Stretcher } | undefined;

  constructor(private readonly speed: number) {}

  *push(audio: Pcm): Generator<ReplyEvent, void> {
    const { samples, sampleRate } = audio;
    if (this.speed === 1) return yield { type: "audio", audio };
    if (this.current?.sampleRate !== sampleRate) {
      yield* this.end();
      this.current = { sampleRate, stretcher: createStretcher({ sampleRate, speed: this.speed }) };
    }
    yield* sound(this.current.stretcher.process(samples), sampleRate);
  }

  *end(): Generator<ReplyEvent, void> {
    if (this.current !== undefined) yield* sound(this.current.stretcher.flush(), this.current.sampleRate);
    this.current = undefined;
  }
}

function* sound(samples: Int16Array, sampleRate: number): Generator<ReplyEvent, void> {
  if (samples.length > 0) yield { type: "audio", audio: { samples, sampleRate } };
}
