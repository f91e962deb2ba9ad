/** Tells the client of an item that entered the conversation whole. */
import type { Item } from "../protocol/items";
import type { SessionContext } from "./context";

export function announceItem(context: SessionContext, item: Item, previousItemId: string | null): void {
  context.emit({ type: "conversation.item.added", item, previous_item_id: previousItemId });
  context.emit({ type: "conversation.item.done", item, previous_item_id: previousItemId });
}
