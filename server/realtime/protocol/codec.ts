/** Frames to events and back. The only place that touches JSON. */
import type { ClientEvent } from "./client-events";
import { parseClientEvent } from "./client-events";
import { decodeBase64 } from "./base64";
import { errors } from "./errors";
import type { ProtocolError } from "./errors";
import type { ServerEvent } from "./server-events";

export type Decoded =
  | { readonly kind: "append"; readonly audio: Buffer; readonly eventId: string | null }
  | { readonly kind: "event"; readonly event: ClientEvent }
  | { readonly kind: "error"; readonly error: ProtocolError; readonly eventId: string | null };

/** Reads one frame. Never throws; the audio it returns is in memory of its own. */
export function decodeFrame(frame: Buffer, isBinary: boolean): Decoded {
  if (isBinary) return { kind: "error", error: errors.binaryFrame(), eventId: null };
  const parsed = parseClientEvent(JSON.parse(frame.toString("utf8")));
  if (!parsed.ok) return { kind: "error", error: parsed.error, eventId: parsed.eventId };
  const { event } = parsed;
  if (event.type !== "input_audio_buffer.append") return { kind: "event", event };
  const audio = decodeBase64(event.audio);
  const eventId = event.event_id ?? null;
  if (!audio) return { kind: "error", error: errors.invalidAudio("audio"), eventId };
  return { kind: "append", audio, eventId };
}

/** The frame that carries `event`. */
export function encodeEvent(event: ServerEvent): string {
  return JSON.stringify(event);
}
