/** For transports whose messages have a largest size, such as a data channel: what is said instead of a larger event. */
import { requestError } from "./protocol-error";
import { newId } from "./ids";
import type { Item } from "./items";
import type { ServerEvent } from "./server-events";

/**
 * The events to send for one that is too large: a delta in pieces, a retrieved item without its audio, and for all others
 * an error that says so. `fits` tells whether an event may be sent.
 */
export function fitEvent(event: ServerEvent, fits: (event: ServerEvent) => boolean): ServerEvent[] {
  if (fits(event)) return [event];
  if ("delta" in event && event.delta.length > 1) {
    const [first, second] = halves(event.delta);
    return [
      ...fitEvent({ ...event, delta: first }, fits),
      ...fitEvent({ ...event, event_id: newId("event"), delta: second }, fits),
    ];
  }
  if (event.type === "conversation.item.retrieved") {
    const silent = { ...event, item: withoutAudio(event.item) };
    if (fits(silent)) return [silent];
  }
  const error = requestError(
    "event_too_large",
    `An event of type ${event.type} is larger than this client's data channel takes. Join the call with a WebSocket to see it.`,
  );
  return [{ type: "error", event_id: newId("event"), error: error.toBody(null) }];
}

/** Never between the two halves of one character. */
function halves(text: string): [string, string] {
  let middle = Math.floor(text.length / 2);
  const code = text.charCodeAt(middle);
  if (code >= 0xdc00 && code <= 0xdfff && middle > 1) middle -= 1;
  return [text.slice(0, middle), text.slice(middle)];
}

function withoutAudio(item: Item): Item {
  if (item.type !== "message" || item.role === "system") return item;
  const silent = <Part extends object>(part: Part): Part => {
    const { audio: _audio, ...rest } = part as Part & { audio?: unknown };
    return rest as Part;
  };
  return item.role === "user"
    ? { ...item, content: item.content.map(silent) }
    : { ...item, content: item.content.map(silent) };
}
