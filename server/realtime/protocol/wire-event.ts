/** Events of another server, on their way to a client: bytes that pass, and an object for those who look. */
import { readAudioDelta, type AudioDelta } from "./audio-delta-frame";
import type { ServerEvent } from "./server-events";
import { checkFrameStructure } from "./structure";

export interface WireEvent {
  /** One whole frame of UTF-8, unchanged. */
  readonly bytes: Buffer;
  /** A piece of speech: by far the most frequent event, which many who look need not look at. */
  readonly audio: Pick<AudioDelta, "responseId"> | undefined;
  /** Made when it is first asked for. Of the official shape as far as the other server keeps to it. */
  readonly event: ServerEvent;
}

class LazyAudioEvent implements WireEvent {
  private made: ServerEvent | undefined;

  constructor(
    readonly bytes: Buffer,
    readonly audio: AudioDelta,
  ) {}

  get event(): ServerEvent {
    return (this.made ??= this.audio.toEvent());
  }
}

/** Reads a frame: a piece of speech by its bytes, all else as JSON. Undefined: it is no event. */
export function readWireEvent(bytes: Buffer): WireEvent | undefined {
  const audio = readAudioDelta(bytes);
  if (audio !== undefined) return new LazyAudioEvent(bytes, audio);
  const event = parseEvent(bytes);
  return event && { bytes, audio: undefined, event };
}

function parseEvent(bytes: Buffer): ServerEvent | undefined {
  if (checkFrameStructure(bytes) !== undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    const isEvent = typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
    return isEvent ? (value as ServerEvent) : undefined;
  } catch {
    return undefined;
  }
}
