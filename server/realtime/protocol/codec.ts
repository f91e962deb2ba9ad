/** Frames to events and back: the only place that touches JSON. */
import { MAX_AUDIO_BYTES, readAppendFrame, readTranslationAppend, type AppendFrame } from "./append-frame";
import { decodeBase64, decodedLength } from "./base64";
import { parseClientEvent } from "./client-events";
import type { ClientEvent } from "./client-events";
import { errors } from "./errors";
import type { ProtocolError } from "./errors";
import type { ParsedEvent } from "./parse-event";
import type { ServerEvent, ServerEventOf } from "./server-events";
import { checkFrameStructure } from "./structure";
import { parseTranslationEvent } from "./translation-events";

type Append = Extract<ClientEvent, { type: "input_audio_buffer.append" | "session.input_audio_buffer.append" }>;

/** Any client event but the appends, whose audio comes decoded. */
export type ControlEvent = Exclude<ClientEvent, Append>;

export type Decoded =
  | AppendFrame
  | { readonly kind: "event"; readonly event: ControlEvent }
  /** `eventId` is the id that the client gave the bad event, for the `error` that answers it. */
  | { readonly kind: "error"; readonly error: ProtocolError; readonly eventId: string | null };

function failed(error: ProtocolError, eventId: string | null = null): Decoded {
  return { kind: "error", error, eventId };
}

function decodeAppend(event: Append): Decoded {
  const eventId = event.event_id ?? null;
  const bytes = decodedLength(event.audio);
  if (bytes > MAX_AUDIO_BYTES)
    return failed(errors.audioTooLarge("audio", MAX_AUDIO_BYTES, Math.floor(bytes)), eventId);
  const audio = decodeBase64(event.audio);
  return audio ? { kind: "append", audio, eventId } : failed(errors.invalidAudio("audio"), eventId);
}

function parseJson(frame: Buffer): { readonly value: unknown } | { readonly error: ProtocolError } {
  const refused = checkFrameStructure(frame);
  if (refused) return { error: refused };
  try {
    return { value: JSON.parse(frame.toString("utf8")) };
  } catch (error) {
    return { error: errors.invalidJson(error instanceof Error ? error.message : "") };
  }
}

/** Checks a decoded JSON value against the events of one dialect. */
export type Parse = (value: unknown) => ParsedEvent<ClientEvent>;

/** Reads a frame by JSON and schema, whatever it holds. `decodeFrame` is the same, faster for audio. */
export function decodeFrameSlowly(frame: Buffer, parse: Parse = parseClientEvent): Decoded {
  const json = parseJson(frame);
  if ("error" in json) return failed(json.error);
  const parsed = parse(json.value);
  if (!parsed.ok) return failed(parsed.error, parsed.eventId);
  const { event } = parsed;
  return isAppend(event) ? decodeAppend(event) : { kind: "event", event };
}

function isAppend(event: ClientEvent): event is Append {
  return event.type === "input_audio_buffer.append" || event.type === "session.input_audio_buffer.append";
}

/** Reads one frame. Never throws. Nothing it returns lies in the frame's memory. */
export function decodeFrame(frame: Buffer, isBinary: boolean, parse?: Parse): Decoded {
  if (isBinary) return failed(errors.binaryFrame());
  return readAppendFrame(frame) ?? decodeFrameSlowly(frame, parse);
}

/** The same for a client of a translation session. */
export function decodeTranslationFrame(frame: Buffer, isBinary: boolean): Decoded {
  if (isBinary) return failed(errors.binaryFrame());
  return readTranslationAppend(frame) ?? decodeFrameSlowly(frame, parseTranslationEvent);
}

/** Base64 and our own ids need no escaping, so this event, by far the most frequent, is put together as text. */
export function encodeAudioDelta(type: string, event: ServerEventOf<"response.output_audio.delta">): string {
  return (
    `{"type":"${type}","event_id":"${event.event_id}","response_id":"${event.response_id}",` +
    `"item_id":"${event.item_id}","output_index":${event.output_index},"content_index":${event.content_index},` +
    `"delta":"${event.delta}"}`
  );
}

/** The frame that carries `event`. */
export function encodeEvent(event: ServerEvent): string {
  return event.type === "response.output_audio.delta" ? encodeAudioDelta(event.type, event) : JSON.stringify(event);
}
