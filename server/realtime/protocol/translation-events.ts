/** Every event that a client of a translation session may send, validated strictly. */
import { z } from "zod";
import { clientEventId } from "./primitives";
import { parseEvent, type ParsedEvent } from "./parse-event";
import { translationUpdate } from "./translation";

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), event_id: clientEventId.optional(), ...shape });

export const translationEventSchemas = {
  "session.update": event("session.update", { session: translationUpdate }),
  "session.input_audio_buffer.append": event("session.input_audio_buffer.append", { audio: z.string() }),
  "session.close": event("session.close", {}),
};

type Schemas = typeof translationEventSchemas;

export type TranslationEventType = keyof Schemas;
/** An event as a client may write it. */
export type TranslationEventInputOf<T extends TranslationEventType> = z.input<Schemas[T]>;
/** A validated event of any type. */
export type TranslationEvent = { [T in TranslationEventType]: z.output<Schemas[T]> }[TranslationEventType];

/** Checks one decoded JSON value. Never throws. */
export function parseTranslationEvent(value: unknown): ParsedEvent<TranslationEvent> {
  return parseEvent<TranslationEvent>(value, translationEventSchemas);
}
