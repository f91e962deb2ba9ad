/**
 * Playback over a track, where the server itself sets the pace and so knows what was heard. Tells the client of it:
 * `output_audio_buffer.started` with the first sound of a response, then either `stopped`, when its last one is out, or
 * `cleared`; each at most once, and never both of the last two.
 */
import { wireFormat, type WireFormat } from "../audio/formats";
import { pcmFromBytes } from "../audio/pcm";
import type { ServerEventBody } from "../protocol/server-events";
import type { Playback, SentAudio, Stopped } from "./playback";
import type { SessionAudio } from "./types";

/** One item's part of the track, in ms of the track's own clock. */
interface Segment {
  readonly itemId: string;
  readonly startMs: number;
  endMs: number;
  /** Audio of the item before this segment. */
  readonly beforeMs: number;
}

interface Sounding {
  readonly id: string;
  readonly segments: Segment[];
  started: boolean;
  ended: boolean;
}

/** What a session hears and speaks on a track; the track's own codec is nobody's business here. */
export const TRACK_FORMAT: WireFormat = wireFormat({ type: "audio/pcm" });

/** Sums of milliseconds are not exact. */
const EPSILON_MS = 0.5;

export class TrackPlayback implements Playback {
  readonly onTrack = true;
  private sounding: Sounding[] = [];

  /** `emit` is called from inside the session's queue only, as is everything here. */
  constructor(
    private readonly audio: SessionAudio,
    private readonly emit: (event: ServerEventBody) => void,
  ) {}

  get isAudible(): boolean {
    return this.audio.waitingMs > 0;
  }

  get aheadMs(): number {
    return this.audio.waitingMs;
  }

  sent({ responseId, itemId, ms, bytes }: SentAudio): void {
    const startMs = this.audio.playedMs + this.audio.waitingMs;
    let response = this.sounding.find(({ id }) => id === responseId);
    if (response === undefined) {
      response = { id: responseId, segments: [], started: false, ended: false };
      this.sounding.push(response);
    }
    const last = response.segments.at(-1);
    if (last?.itemId === itemId && Math.abs(last.endMs - startMs) < EPSILON_MS) last.endMs += ms;
    else response.segments.push({ itemId, startMs, endMs: startMs + ms, beforeMs: lengthOf(response, itemId) });
    this.audio.play(pcmFromBytes(bytes));
  }

  ended(responseId: string): void {
    const response = this.sounding.find(({ id }) => id === responseId);
    if (response === undefined) return;
    response.ended = true;
    this.progress();
  }

  /** Call when more was played. */
  progress(): void {
    const { playedMs } = this.audio;
    for (const response of this.sounding) {
      const first = response.segments[0]?.startMs ?? Infinity;
      if (!response.started && playedMs > first) {
        response.started = true;
        this.emit({ type: "output_audio_buffer.started", response_id: response.id });
      }
      if (!this.isOver(response)) continue;
      this.emit({ type: "output_audio_buffer.stopped", response_id: response.id });
    }
    this.sounding = this.sounding.filter((response) => !this.isOver(response));
  }

  stop(): readonly Stopped[] {
    const { playedMs } = this.audio;
    const stopped = this.sounding.flatMap(({ segments }) =>
      segments.flatMap((segment): Stopped[] => {
        const isLast = segment === segments.at(-1);
        const wasCut = segment.endMs > playedMs + EPSILON_MS;
        if (!wasCut && !isLast) return [];
        const heardMs = Math.min(segment.endMs, Math.max(segment.startMs, playedMs)) - segment.startMs;
        return [{ itemId: segment.itemId, heardMs: segment.beforeMs + heardMs, wasCut }];
      }),
    );
    this.audio.clear();
    for (const { id } of this.sounding) this.emit({ type: "output_audio_buffer.cleared", response_id: id });
    this.sounding = [];
    return stopped;
  }

  private isOver({ started, ended, segments }: Sounding): boolean {
    return started && ended && (segments.at(-1)?.endMs ?? 0) <= this.audio.playedMs + EPSILON_MS;
  }
}

function lengthOf({ segments }: Sounding, itemId: string): number {
  return segments
    .filter((segment) => segment.itemId === itemId)
    .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
