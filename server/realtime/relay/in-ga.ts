import type { ClientEvent } from "../protocol/client-events";

/** Without what other dialects may say, and the other server would refuse. */
export function inGa(event: ClientEvent): ClientEvent {
  switch (event.type) {
    case "session.update":
      return event.session.type === "realtime"
        ? { type: event.type, event_id: event.event_id, session: { ...event.session, ...NO_TEMPERATURE } }
        : event;
    case "response.create":
      return event.response ? { ...event, response: { ...event.response, ...NO_TEMPERATURE } } : event;
    default:
      return event;
  }
}

const NO_TEMPERATURE = { temperature: undefined };
