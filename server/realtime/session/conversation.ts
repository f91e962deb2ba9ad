/** The items of one conversation, in order, with their audio. Refuses what would break it; knows nothing of events. */
import type { WireFormat } from "../audio/formats";
import type { KeptSound } from "../engine/types";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { Item } from "../protocol/items";
import { AudioClip } from "./clip";
import { beginClause, extendClause, finishClause, heardText, joinClause } from "./spoken";
import type { Entry } from "./stored-items";

export interface ConversationLimits {
  readonly maxItems: number;
  readonly maxAudioBytes: number;
}

export class Conversation {
  readonly id = newId("conv");
  private order: string[] = [];
  private readonly byId = new Map<string, Entry>();
  /** Bytes of audio in all items. */
  audioBytes = 0;
  /** Grows with every change of what a model would be told. */
  revision = 0;

  constructor(private readonly limits: ConversationLimits) {}

  get entries(): readonly Entry[] {
    return this.order.map((id) => this.byId.get(id)!);
  }

  get lastId(): string | null {
    return this.order.at(-1) ?? null;
  }

  get(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  /** Undefined appends, `root` inserts first. Returns the id before the new item, null for none. */
  insert(entry: Entry, previousItemId?: string): string | null {
    const { item } = entry;
    if (this.byId.has(item.id)) throw errors.duplicateItemId(item.id);
    if (this.order.length >= this.limits.maxItems) throw errors.tooManyItems(this.limits.maxItems);
    if (item.type === "function_call_output") this.requireCall(item.call_id);
    return this.place(entry, this.positionAfter(previousItemId));
  }

  /** For items of our own making, which are never refused: a reply under way may pass the limit. */
  append(entry: Entry): string | null {
    return this.place(entry, this.order.length);
  }

  /** The item before this one now; null for the first. */
  previousOf(id: string): string | null {
    return this.order[this.order.indexOf(id) - 1] ?? null;
  }

  remove(id: string): void {
    const entry = this.byId.get(id);
    if (entry === undefined) throw errors.itemDeleteNotFound(id);
    this.order.splice(this.order.indexOf(id), 1);
    this.byId.delete(id);
    this.revision += 1;
    for (const clip of entry.clips.values()) this.audioBytes -= clip.byteLength;
  }

  /** The whole item, audio included. */
  async retrieve(id: string): Promise<Item> {
    const entry = this.byId.get(id);
    if (entry === undefined) throw errors.itemRetrieveNotFound(id);
    const audio = new Map<number, string>();
    for (const [index, clip] of entry.clips) audio.set(index, await clip.toBase64());
    return withAudio(entry.item, audio);
  }

  /** Cuts an assistant's audio, and its words, to what was heard. */
  truncate(id: string, contentIndex: number, audioEndMs: number): void {
    const entry = this.byId.get(id);
    if (entry === undefined) throw errors.itemTruncateNotFound(id);
    const { item } = entry;
    const isSpeech =
      item.type === "message" && item.role === "assistant" && item.content[contentIndex]?.type === "output_audio";
    // While the first audio is still to come, an item of a running response has no content yet.
    const clip = entry.clips.get(contentIndex);
    if (!isSpeech && clip === undefined) throw errors.onlyAudioCanBeTruncated();
    const haveMs = Math.floor(clip?.durationMs ?? 0);
    if (audioEndMs > haveMs) throw errors.truncateBeyondAudio(haveMs, audioEndMs);
    if (clip !== undefined) {
      this.audioBytes -= clip.byteLength;
      clip.cut(audioEndMs);
      this.audioBytes += clip.byteLength;
    }
    this.revision += 1;
    const heard = heardText(entry.spoken, audioEndMs);
    this.byId.set(id, {
      ...entry,
      item: withTranscript(item, contentIndex, heard),
      truncated: true,
      heardMs: audioEndMs,
    });
  }

  // ---------------------------------------------------------------- while a response is being made

  /** Words that `join` belong to one stretch of sound with those before them. */
  addWords(id: string, text: string, joins = false): void {
    const entry = this.byId.get(id);
    if (entry === undefined || entry.truncated === true) return;
    const atMs = entry.clips.get(0)?.durationMs ?? 0;
    const spoken = joins ? joinClause(entry.spoken, text, atMs) : beginClause(entry.spoken, text, atMs);
    this.byId.set(id, { ...entry, spoken });
  }

  /** The model that made an item's sound can be given it back. */
  keepSound(id: string, kept: KeptSound): void {
    const entry = this.byId.get(id);
    if (entry !== undefined) this.byId.set(id, { ...entry, kept });
  }

  addAudio(id: string, format: WireFormat, bytes: Buffer): void {
    const entry = this.byId.get(id);
    if (entry === undefined || entry.truncated === true) return;
    const clip = entry.clips.get(0) ?? new AudioClip();
    clip.push(format, bytes);
    entry.clips.set(0, clip);
    this.audioBytes += bytes.length;
    this.byId.set(id, { ...entry, spoken: extendClause(entry.spoken, clip.durationMs) });
    this.dropOldAudio();
  }

  /** Takes the finished form of an item; what the client truncated stays truncated. */
  settle(item: Item): void {
    const entry = this.byId.get(item.id);
    if (entry === undefined) return;
    const spoken = item.type === "message" && item.status === "completed" ? finishClause(entry.spoken) : entry.spoken;
    const kept = entry.truncated === true ? withTranscript(item, 0, heardText(entry.spoken, entry.heardMs ?? 0)) : item;
    this.byId.set(item.id, { ...entry, item: kept, spoken });
  }

  /** An item of ours has another content than before, and the model is to know. */
  amend(item: Item): void {
    const entry = this.byId.get(item.id);
    if (entry === undefined) return;
    this.revision += 1;
    this.byId.set(item.id, { ...entry, item });
  }

  /** Notes that playback stopped, so that the model does not believe it said what nobody heard. */
  noteHeard(id: string, heardMs: number): void {
    const entry = this.byId.get(id);
    if (entry === undefined || entry.truncated === true) return;
    this.revision += 1;
    this.byId.set(id, { ...entry, heardMs });
  }

  setTranscript(id: string, contentIndex: number, transcript: string): void {
    const entry = this.byId.get(id);
    if (entry !== undefined)
      this.byId.set(id, { ...entry, item: withTranscript(entry.item, contentIndex, transcript) });
  }

  get hasAssistantAudio(): boolean {
    return this.entries.some(
      ({ item, clips }) => item.type === "message" && item.role === "assistant" && clips.size > 0,
    );
  }

  // ---------------------------------------------------------------- inside

  private place(entry: Entry, at: number): string | null {
    const { id } = entry.item;
    this.revision += 1;
    this.order.splice(at, 0, id);
    this.byId.set(id, entry);
    for (const clip of entry.clips.values()) this.audioBytes += clip.byteLength;
    this.dropOldAudio();
    return this.order[at - 1] ?? null;
  }

  private positionAfter(previousItemId: string | undefined): number {
    if (previousItemId === undefined) return this.order.length;
    if (previousItemId === "root") return 0;
    const at = this.order.indexOf(previousItemId);
    if (at === -1) throw errors.previousItemNotFound(previousItemId);
    return at + 1;
  }

  hasCall(callId: string): boolean {
    return this.entries.some(({ item }) => item.type === "function_call" && item.call_id === callId);
  }

  private requireCall(callId: string): void {
    if (!this.hasCall(callId)) throw errors.invalidToolCallId(callId);
  }

  /** The words stay; the oldest audio goes first. */
  private dropOldAudio(): void {
    for (const id of this.order) {
      if (this.audioBytes <= this.limits.maxAudioBytes) return;
      const entry = this.byId.get(id)!;
      for (const clip of entry.clips.values()) this.audioBytes -= clip.byteLength;
      entry.clips.clear();
    }
  }
}

function withAudio(item: Item, audio: ReadonlyMap<number, string>): Item {
  if (item.type !== "message" || audio.size === 0) return item;
  const add = <Part extends { type: string }>(part: Part, index: number): Part => {
    const bytes = audio.get(index);
    return bytes === undefined ? part : { ...part, audio: bytes };
  };
  switch (item.role) {
    case "system":
      return item;
    case "user":
      return { ...item, content: item.content.map(add) };
    case "assistant":
      return { ...item, content: item.content.map(add) };
    default:
      return item satisfies never;
  }
}

/** The message with other words for one of its audio parts; itself when they are what it has. */
export function withTranscript(item: Item, contentIndex: number, transcript: string): Item {
  if (item.type !== "message") return item;
  const part = item.content[contentIndex];
  if (part !== undefined && "transcript" in part && part.transcript === transcript) return item;
  switch (item.role) {
    case "system":
      return item;
    case "user":
      return {
        ...item,
        content: item.content.map((part, index) =>
          index === contentIndex && part.type === "input_audio" ? { ...part, transcript } : part,
        ),
      };
    case "assistant":
      return {
        ...item,
        content: item.content.map((part, index) =>
          index === contentIndex && part.type === "output_audio" ? { ...part, transcript } : part,
        ),
      };
    default:
      return item satisfies never;
  }
}
