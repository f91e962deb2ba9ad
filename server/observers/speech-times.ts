/**
 * When each item was said: the user's while it came in, the assistant's while it can have been heard. What items tell of
 * themselves is when they were made, which is after the one and before the other.
 */
import type { SessionObservation } from "../realtime/observers/types";
import type { ServerEvent } from "../realtime/protocol/server-events";
import { SpeechClock } from "./speech-clock";
import { DEFAULT_OUTPUT, type OutputFormat, outputFormatOf, soundMs } from "./output-format";

/** In milliseconds on the session's `SpeechClock`, which recorded audio follows too. */
export interface SpeechTime {
  readonly saidFromMs: number;
  readonly saidToMs: number;
}

export class SpeechTimes {
  private readonly times = new Map<string, SpeechTime>();
  private readonly clock = new SpeechClock();
  /** Since when there is audio that belongs to no item yet. */
  private inputSince: number | undefined;
  private begunMs: number | undefined;
  /** When what was made so far has been heard. */
  private heardUntil = 0;
  private format: OutputFormat = DEFAULT_OUTPUT;

  of(itemId: string): SpeechTime | undefined {
    return this.times.get(itemId);
  }

  /** Returns the items that were cut short by it. */
  observe(observation: SessionObservation): readonly string[] {
    const at = this.clock.now(observation.at);
    switch (observation.type) {
      case "input-audio": {
        const { audio, format: type, sampleRate } = observation;
        const from = this.clock.input(observation.at, soundMs(audio.length, { type, sampleRate }));
        this.inputSince ??= from;
        return [];
      }
      case "output-audio":
        this.said(observation.itemId, { at, ms: soundMs(observation.audio.length, DEFAULT_OUTPUT) });
        return [];
      case "server-event":
        return this.event(observation.event, at);
      case "ended":
        return this.cut(at);
      default:
        return [];
    }
  }

  private event(event: ServerEvent, at: number): readonly string[] {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        this.format = outputFormatOf(event.session) ?? this.format;
        return [];
      case "input_audio_buffer.speech_started":
        this.begunMs = event.audio_start_ms;
        return [];
      case "input_audio_buffer.speech_stopped":
        this.heard(event.item_id, { from: this.begunMs ?? event.audio_end_ms, to: event.audio_end_ms });
        this.begunMs = undefined;
        return [];
      case "input_audio_buffer.committed":
        if (!this.times.has(event.item_id) && this.inputSince !== undefined)
          this.times.set(event.item_id, { saidFromMs: this.inputSince, saidToMs: this.clock.inputEndMs });
        this.inputSince = undefined;
        return [];
      case "input_audio_buffer.cleared":
        this.inputSince = undefined;
        return [];
      case "response.output_audio.delta":
        this.said(event.item_id, { at, ms: soundMs(Buffer.byteLength(event.delta, "base64"), this.format) });
        return [];
      case "response.done":
        return event.response.status === "cancelled" ? this.cut(at) : [];
      case "conversation.item.truncated":
        return this.cut(at);
      default:
        return [];
    }
  }

  private heard(itemId: string, { from, to }: { readonly from: number; readonly to: number }): void {
    this.times.set(itemId, { saidFromMs: this.clock.ofBuffer(from), saidToMs: this.clock.ofBuffer(to) });
  }

  /** Audio is made faster than it is heard. */
  private said(itemId: string, { at, ms }: { readonly at: number; readonly ms: number }): void {
    const from = Math.max(at, this.heardUntil);
    this.heardUntil = from + ms;
    const saidFromMs = this.times.get(itemId)?.saidFromMs ?? from;
    this.times.set(itemId, { saidFromMs, saidToMs: this.heardUntil });
  }

  /** Nothing more is heard of what was said so far. */
  private cut(at: number): string[] {
    if (this.heardUntil <= at) return [];
    this.heardUntil = at;
    const cut = [...this.times].filter(([, { saidToMs }]) => saidToMs > at);
    for (const [id, { saidFromMs }] of cut) {
      if (saidFromMs < at) this.times.set(id, { saidFromMs, saidToMs: at });
      else this.times.delete(id);
    }
    return cut.map(([id]) => id);
  }
}
