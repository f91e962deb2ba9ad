/** From one decoded JSON value to a validated event, by a table of schemas: one for each type that may come. */
import type { z } from "zod";
import { errors, ProtocolError } from "./errors";
import { kindOf, toProtocolError } from "./issues";
import { clientEventId } from "./primitives";
import { checkStructure } from "./structure";

export type EventSchemas<Event> = Readonly<Record<string, z.ZodType<Event>>>;

export type ParsedEvent<Event> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly error: ProtocolError; readonly eventId: string | null };

/** Why a value is no event at all, or the schema of the event that it says it is. */
function schemaFor<Event>(value: object, schemas: EventSchemas<Event>): ProtocolError | z.ZodType<Event> {
  const type: unknown = Object.hasOwn(value, "type") ? Reflect.get(value, "type") : undefined;
  if (type === undefined) return errors.missingParameter("type");
  if (typeof type !== "string") return errors.invalidType("type", "a string", kindOf(type));
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  return schema ?? errors.invalidEventType(type, Object.keys(schemas));
}

/** The id that the client gave an event, if it can be echoed. */
function eventIdOf(value: object): string | null {
  const result = clientEventId.safeParse(Object.hasOwn(value, "event_id") ? Reflect.get(value, "event_id") : undefined);
  return result.success ? result.data : null;
}

/** Checks one decoded JSON value. Never throws. */
export function parseEvent<Event>(value: unknown, schemas: EventSchemas<Event>): ParsedEvent<Event> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, error: errors.notAnObject(kindOf(value)), eventId: null };
  }
  const eventId = eventIdOf(value);
  const refused = checkStructure(value);
  if (refused) return { ok: false, error: refused, eventId };
  const schema = schemaFor(value, schemas);
  if (schema instanceof ProtocolError) return { ok: false, error: schema, eventId };
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, event: result.data };
  return { ok: false, error: toProtocolError(result.error, value), eventId };
}
