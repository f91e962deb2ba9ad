/** What each kind of session understands. */
import type { ClientEvent, ConversationEvent } from "../protocol/client-events";
import { errors } from "../protocol/errors";
import type { SessionConfig } from "../protocol/session-config";

/** Who only listens has a buffer, and items to look at; nothing is said to it and it says nothing. */
const TRANSCRIPTION: readonly ClientEvent["type"][] = [
  "session.update",
  "input_audio_buffer.append",
  "input_audio_buffer.commit",
  "input_audio_buffer.clear",
  "conversation.item.retrieve",
  "conversation.item.delete",
];

const CONVERSATION: readonly ClientEvent["type"][] = [
  ...TRANSCRIPTION,
  "output_audio_buffer.clear",
  "conversation.item.create",
  "conversation.item.truncate",
  "response.create",
  "response.cancel",
];

const KNOWN = { realtime: CONVERSATION, transcription: TRANSCRIPTION } as const;

/** @throws ProtocolError for an event that a session of this kind does not know. */
export function knownEvent(kind: SessionConfig["type"], event: ClientEvent): ConversationEvent {
  const known = KNOWN[kind];
  if (isForeign(event) || !known.includes(event.type)) throw errors.wrongEvent(event.type, kind, known);
  if (event.type === "session.update" && event.session.type !== kind)
    throw errors.wrongSessionType(event.session.type, kind);
  return event;
}

/** Whether only a translation session could mean it. */
function isForeign(event: ClientEvent): event is Exclude<ClientEvent, ConversationEvent> {
  return !CONVERSATION.includes(event.type);
}
