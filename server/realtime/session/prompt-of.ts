/** Which stored prompt a client's event names. */
import type { ClientEvent } from "../protocol/client-events";
import type { PromptReference } from "../protocol/tools";

export interface PromptAsked {
  readonly reference: PromptReference;
  /** Where it stands, for errors. */
  readonly param: string;
  readonly eventId: string | null;
}

export function promptOf(event: ClientEvent): Omit<PromptAsked, "eventId"> | undefined {
  if (event.type === "session.update" && event.session.type === "realtime" && event.session.prompt)
    return { reference: event.session.prompt, param: "session.prompt" };
  if (event.type === "response.create" && event.response?.prompt)
    return { reference: event.response.prompt, param: "response.prompt" };
  return undefined;
}
