/**
 * When each item was said: the user's while it came in, the assistant's while it can have been heard. What items tell of
 * themselves is when they were made, which is after the one and before the other.
 */
import type { SessionObservation } from "../realtime/observers/types";
import type { ServerEvent } from "../realtime/protocol/server-events";
import { DEFAULT_OUTPUT, type OutputFormat, outputFormatOf, soundMs } from "./output-format";

/** In milliseconds since the session's start. */
export interface SpeechTime {
  readonly saidFromMs: number;
  readonly saidToMs: number;
}

export class SpeechTimes {
  private readonly times = new Map<string, SpeechTime>();
  /** Since when there is audio that belongs to no item yet. */
  private inputSince: number | undefined;
  private begun: { readonly at: number; readonly audioMs: number } | undefined;
  /** When what was made so far has been heard. */
  private heardUntil = 0;
  private format: OutputFormat = DEFAULT_OUTPUT;

  of(itemId: string): SpeechTime | undefined {
    return this.times.get(itemId);
  }

  /** Returns the items that were cut short by it. */
  observe(observation: SessionObservation): readonly string[] {
    switch (observation.type) {
      case "input-audio":
        this.inputSince ??= observation.at;
        return [];
      case "output-audio":
        this.said(observation.itemId, { at: observation.at, ms: soundMs(observation.audio.length, DEFAULT_OUTPUT) });
        return [];
      case "server-event":
        return this.event(observation.event, observation.at);
      case "ended":
        return this.cut(observation.at);
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
        this.begun = { at, audioMs: event.audio_start_ms };
        return [];
      case "input_audio_buffer.speech_stopped": {
        const spokenFrom = at - (event.audio_end_ms - (this.begun?.audioMs ?? event.audio_end_ms));
        this.heard(event.item_id, { from: Math.min(this.begun?.at ?? at, spokenFrom), to: at });
        return [];
      }
      case "input_audio_buffer.committed":
        if (!this.times.has(event.item_id)) this.heard(event.item_id, { from: this.inputSince ?? at, to: at });
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
    this.times.set(itemId, { saidFromMs: Math.max(0, from), saidToMs: to });
    this.begun = undefined;
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
