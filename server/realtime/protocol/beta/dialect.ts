/** The protocol as it was before general availability, over a session that knows nothing of it. */
import { decodeFrame, encodeAudioDelta, type Decoded } from "../codec";
import type { Dialect, DialectContext } from "../dialect";
import { errors } from "../errors";
import { newId } from "../ids";
import type { Item } from "../items";
import type { ServerEvent } from "../server-events";
import { parseBetaEvent } from "./client-events";
import { toBetaItem } from "./items";
import type { BetaServerEvent } from "./server-events";
import { toBetaEvents } from "./translate";

export class BetaDialect implements Dialect {
  /** Items that the client was not told of, each with the visible one before it. */
  private readonly hidden = new Map<string, string | null>();

  constructor(private readonly context: DialectContext) {}

  decode(frame: Buffer, isBinary: boolean): Decoded {
    return decodeFrame(frame, isBinary, parseBetaEvent);
  }

  encode(event: ServerEvent): readonly string[] {
    if (event.type === "response.output_audio.delta") return [encodeAudioDelta("response.audio.delta", event)];
    return this.translate(event).map((each) => JSON.stringify(each));
  }

  private translate(event: ServerEvent): readonly BetaServerEvent[] {
    const { conversationId } = this.context;
    try {
      this.remember(event);
      return toBetaEvents(event, { conversationId, visible: this.visible });
    } catch {
      // Another server's event, without fields that the official shape has: its client is told that something is missing.
      return [{ type: "error", event_id: newId("event"), error: errors.serverError().toBody(null) }];
    }
  }

  private readonly visible = (itemId: string | null): string | null =>
    itemId === null ? null : (this.hidden.get(itemId) ?? (this.hidden.has(itemId) ? null : itemId));

  private remember(event: ServerEvent): void {
    if (event.type === "conversation.item.added") this.hide(event.item, event.previous_item_id);
    else if (event.type === "conversation.item.deleted") this.forget(event.item_id);
  }

  private hide(item: Item, previousItemId: string | null): void {
    if (toBetaItem(item) === null) this.hidden.set(item.id, this.visible(previousItemId));
  }

  /** What stood behind a deleted item has the beginning before it, as far as anybody can tell. */
  private forget(itemId: string): void {
    this.hidden.delete(itemId);
    for (const [id, before] of this.hidden) if (before === itemId) this.hidden.set(id, null);
  }
}
