/**
 * The rules that the first reference client of the beta lived by: it keeps a copy of the conversation, and throws at any
 * event about something that it was not told of before. Later clients inherited its habits.
 */
export interface BetaFrame {
  readonly type: string;
  readonly event_id: string;
  readonly [field: string]: unknown;
}

interface Part {
  readonly type: string;
  text?: string;
  transcript?: string | null;
}

interface ReferenceItem {
  readonly id: string;
  readonly type: string;
  readonly content: Part[];
  arguments: string;
  status: string;
}

interface Placed {
  readonly item_id: string;
  readonly response_id: string;
  readonly content_index: number;
  readonly delta: string;
}

export class ReferenceClient {
  readonly items: ReferenceItem[] = [];
  readonly responses = new Map<string, string[]>();
  private readonly seen = new Set<string>();
  private conversation: string | undefined;

  /** Throws what the reference client would throw, and for an id that came before. */
  take(event: BetaFrame): void {
    if (this.seen.has(event.event_id)) throw new Error(`The id ${event.event_id} came twice.`);
    this.seen.add(event.event_id);
    const given = event as unknown as Placed & Record<string, never>;
    switch (event.type) {
      case "session.created":
        if (this.seen.size > 1) throw new Error("session.created is not the first event.");
        return;
      case "conversation.created":
        if (this.conversation !== undefined) throw new Error("A second conversation.");
        this.conversation = (event as unknown as { conversation: { id: string } }).conversation.id;
        return;
      case "conversation.item.created":
        return this.created(event);
      case "conversation.item.truncated":
        this.item(event.type, given.item_id);
        return;
      case "conversation.item.deleted":
        this.items.splice(this.items.indexOf(this.item(event.type, given.item_id)), 1);
        return;
      case "response.created":
        this.responses.set((event as unknown as { response: { id: string } }).response.id, []);
        return;
      case "response.output_item.added": {
        const output = this.responses.get(given.response_id);
        if (!output) throw new Error(`${event.type}: Response "${given.response_id}" not found`);
        output.push((event as unknown as { item: ReferenceItem }).item.id);
        return;
      }
      case "response.output_item.done": {
        const { item } = event as unknown as { item: ReferenceItem };
        this.item(event.type, item.id).status = item.status;
        return;
      }
      case "response.content_part.added":
        this.item(event.type, given.item_id).content.push(structuredClone((event as unknown as { part: Part }).part));
        return;
      case "response.text.delta":
        return this.grow(event.type, given, "text");
      case "response.audio_transcript.delta":
        return this.grow(event.type, given, "transcript");
      case "response.audio.delta":
        this.item(event.type, given.item_id);
        return;
      case "response.function_call_arguments.delta":
        this.item(event.type, given.item_id).arguments += given.delta;
        return;
      default:
    }
  }

  private created(event: BetaFrame): void {
    const { item, previous_item_id: previous } = event as unknown as {
      item: ReferenceItem;
      previous_item_id: string | null;
    };
    if (this.items.some(({ id }) => id === item.id)) throw new Error(`Item "${item.id}" was created twice.`);
    const at = previous === null ? 0 : this.items.indexOf(this.item(event.type, previous)) + 1;
    this.items.splice(at, 0, { ...structuredClone(item), content: [...((item.content as Part[] | undefined) ?? [])] });
  }

  private grow(type: string, { item_id, content_index, delta }: Placed, field: "text" | "transcript"): void {
    const part = this.item(type, item_id).content[content_index];
    if (!part) throw new Error(`${type}: Item "${item_id}" has no part ${content_index}`);
    part[field] = (part[field] ?? "") + delta;
  }

  private item(type: string, id: string): ReferenceItem {
    const found = this.items.find((item) => item.id === id);
    if (!found) throw new Error(`${type}: Item "${id}" not found`);
    return found;
  }
}
