/** What each kind of session understands. */
import type { ClientEventType } from "../protocol/client-events";
import { errors } from "../protocol/errors";
import type { SessionKind } from "../protocol/session-config";

/** Who only listens has a buffer, and items to look at; nothing is said to it and it says nothing. */
const TRANSCRIPTION: readonly ClientEventType[] = [
  "session.update",
  "input_audio_buffer.append",
  "input_audio_buffer.commit",
  "input_audio_buffer.clear",
  "conversation.item.retrieve",
  "conversation.item.delete",
];

/** @throws ProtocolError for an event that a session of this kind does not know. */
export function requireKnownEvent(kind: SessionKind, type: ClientEventType): void {
  switch (kind) {
    case "realtime":
      return;
    case "transcription":
      if (!TRANSCRIPTION.includes(type)) throw errors.wrongEvent(type, kind, TRANSCRIPTION);
      return;
    default:
      kind satisfies never;
  }
}
