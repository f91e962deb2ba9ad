/** What a response's effects do: events go to the client, words and sound into the conversation. */
import { msOf, type WireFormat } from "../audio/formats";
import type { SessionContext } from "./context";
import type { ServerEventBody } from "../protocol/server-events";
import type { Playback } from "./playback";
import type { ResponseEffect } from "./response";

export interface KeptResponse {
  readonly id: string;
  readonly inConversation: boolean;
  readonly format: WireFormat;
}

export class ResponseKeeper {
  /** Audio that was sent, in ms. */
  audioMs = 0;

  constructor(
    private readonly context: SessionContext,
    private readonly playback: Playback,
    private readonly response: KeptResponse,
  ) {}

  perform(effects: readonly ResponseEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "emit") this.tell(effect.event);
      else if (effect.type === "audio") this.keepAudio(effect.itemId, effect.bytes);
      else if (this.response.inConversation) this.keep(effect);
    }
  }

  private tell(event: ServerEventBody): void {
    const { onTrack } = this.playback;
    // What is heard on the track is not sent a second time.
    if (!onTrack || event.type !== "response.output_audio.delta") this.context.emit(event);
    if (event.type === "response.done") this.playback.ended(this.response.id);
  }

  private keep(effect: Exclude<ResponseEffect, { type: "emit" } | { type: "audio" }>): void {
    const { conversation } = this.context;
    switch (effect.type) {
      case "open-item": {
        const previous = conversation.append({ item: effect.item, clips: new Map(), spoken: [] });
        this.context.emit({ type: "conversation.item.added", item: effect.item, previous_item_id: previous });
        return;
      }
      case "close-item": {
        conversation.settle(effect.item);
        if (effect.goesOn) return;
        const kept = conversation.get(effect.item.id);
        // A client may have deleted it meanwhile; it has heard of that already.
        if (kept === undefined) return;
        const previous = conversation.previousOf(effect.item.id);
        this.context.emit({ type: "conversation.item.done", item: effect.item, previous_item_id: previous });
        return;
      }
      case "words":
        conversation.addWords(effect.itemId, effect.text, effect.joins);
        return;
      case "kept":
        conversation.keepSound(effect.itemId, effect.sound);
        return;
      default:
        effect satisfies never;
    }
  }

  private keepAudio(itemId: string, bytes: Buffer): void {
    const { format, id, inConversation } = this.response;
    const ms = msOf(format, bytes.length);
    if (this.audioMs === 0) this.context.stage("first-audio", { responseId: id });
    this.audioMs += ms;
    const { onTrack } = this.playback;
    if (inConversation) this.context.conversation.addAudio(itemId, format, bytes);
    if (inConversation || onTrack) this.playback.sent({ responseId: id, itemId, ms, bytes });
    if (onTrack) this.context.spoken({ responseId: id, itemId, audio: bytes });
  }
}
