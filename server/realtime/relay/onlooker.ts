/** Looks at what the other server says, to tell observers what they are told of any session. Changes nothing. */
import { wireFormat, type WireFormat } from "../audio/formats";
import type { SessionObservation, TurnStage } from "../observers/types";
import type { Item } from "../protocol/items";
import type { ServerEvent, ServerEventOf } from "../protocol/server-events";
import { usageOfTranscript } from "../session/usage";
import type { WireEvent } from "../protocol/wire-event";

type Observation = SessionObservation extends infer Each ? (Each extends unknown ? Omit<Each, "at"> : never) : never;
type SessionResource = ServerEventOf<"session.updated">["session"];

const MAX_ITEMS = 10_000;

export class Onlooker {
  /** Live responses, and what was told of each. */
  private readonly live = new Map<string, { token: boolean; audio: boolean }>();
  private readonly items = new Map<string, Item>();
  private order: string[] = [];
  private idle: (() => void)[] = [];
  private session: SessionResource | undefined;

  /** `watched`: somebody looks at every event, pieces of audio included. */
  constructor(
    private readonly observe: (observation: Observation) => void,
    private readonly watched: boolean,
  ) {}

  /** The session as the other server has last described it. */
  get resource(): SessionResource | undefined {
    return this.session;
  }

  get inputFormat(): WireFormat {
    const { session } = this;
    const input = session === undefined || session.type === "translation" ? undefined : session.audio.input;
    try {
      return wireFormat(input?.format ?? { type: "audio/pcm" });
    } catch {
      return wireFormat({ type: "audio/pcm" });
    }
  }

  /** The conversation's items, in order, the newest of them when there are very many. */
  get conversation(): Item[] {
    return this.order.flatMap((id) => this.items.get(id) ?? []);
  }

  see(wire: WireEvent): void {
    if (this.watched) this.observe({ type: "server-event", event: wire.event });
    if (wire.audio !== undefined) this.heard(wire.audio.responseId);
    else this.seeEvent(wire.event);
  }

  /** Calls back once no response is running; at once if none is. */
  onceIdle(callback: () => void): void {
    if (this.live.size === 0) callback();
    else this.idle.push(callback);
  }

  close(): void {
    this.live.clear();
    this.settle();
  }

  private seeEvent(event: ServerEvent): void {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        this.session = event.session;
        return;
      case "conversation.item.added":
      case "conversation.item.done":
        return this.place(event.item, event.previous_item_id);
      case "conversation.item.deleted":
        this.items.delete(event.item_id);
        this.order = this.order.filter((id) => id !== event.item_id);
        return;
      case "response.created":
        this.live.set(event.response.id, { token: false, audio: false });
        return this.stage("response-created", { responseId: event.response.id });
      case "response.output_text.delta":
      case "response.output_audio_transcript.delta":
      case "response.function_call_arguments.delta":
        return this.spoke(event.response_id);
      case "response.output_audio.delta":
        return this.heard(event.response_id);
      case "response.done":
        this.live.delete(event.response.id);
        this.stage("done", { responseId: event.response.id });
        return this.settle();
      case "input_audio_buffer.speech_stopped":
        return this.stage("speech-stopped", { itemId: event.item_id });
      case "conversation.item.input_audio_transcription.completed":
        this.stage("transcribed", { itemId: event.item_id });
        // In a conversation the responses pay for what was heard.
        if (this.session?.type === "transcription")
          this.observe({ type: "usage", usage: usageOfTranscript(event.usage, event.transcript) });
        return;
      default:
        // Nothing to tell of all others.
        return;
    }
  }

  private place(item: Item, previousId: string | null | undefined): void {
    const known = this.items.has(item.id);
    this.items.set(item.id, item);
    if (known) return;
    const last = this.order.at(-1);
    if (previousId === last || previousId === undefined) this.order.push(item.id);
    else this.order.splice(previousId === null ? 0 : this.order.indexOf(previousId) + 1, 0, item.id);
    if (this.order.length > MAX_ITEMS) this.items.delete(this.order.shift() ?? "");
  }

  private spoke(responseId: string): void {
    const told = this.live.get(responseId);
    if (told === undefined || told.token) return;
    told.token = true;
    this.stage("first-token", { responseId });
  }

  private heard(responseId: string): void {
    this.spoke(responseId);
    const told = this.live.get(responseId);
    if (told === undefined || told.audio) return;
    told.audio = true;
    this.stage("first-audio", { responseId });
  }

  private stage(stage: TurnStage, ids: { readonly responseId?: string; readonly itemId?: string }): void {
    this.observe({ type: "stage", stage, ...ids });
  }

  private settle(): void {
    if (this.live.size > 0) return;
    for (const callback of this.idle.splice(0)) callback();
  }
}
