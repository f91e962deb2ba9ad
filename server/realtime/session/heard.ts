/** What was heard of a reply when its sound stops: the conversation keeps that and no more, and on a track the client is told. */
import type { SessionContext } from "./context";
import type { Playback, Stopped } from "./playback";

export class Heard {
  constructor(
    private readonly context: SessionContext,
    private readonly playback: Playback,
  ) {}

  /** The model must not believe that it said what nobody can have heard by now. Returns what was cut. */
  stop(isRunning: boolean): readonly Stopped[] {
    const cut = this.playback.stop().filter(({ wasCut }) => wasCut || isRunning);
    for (const { itemId, heardMs } of cut) this.context.conversation.noteHeard(itemId, heardMs);
    return cut;
  }

  /** On a track we know to the millisecond what was heard, so the item is cut there, and the client told. */
  tell(cut: readonly Stopped[]): void {
    if (!this.playback.onTrack) return;
    const { conversation } = this.context;
    for (const { itemId, heardMs } of cut) {
      const haveMs = conversation.get(itemId)?.clips.get(0)?.durationMs;
      if (haveMs === undefined) continue;
      const audio_end_ms = Math.floor(Math.min(heardMs, haveMs));
      conversation.truncate(itemId, 0, audio_end_ms);
      this.context.emit({ type: "conversation.item.truncated", item_id: itemId, content_index: 0, audio_end_ms });
    }
  }
}
