/**
 * The sound of a call whose session another server holds: what is heard on the track is appended there, what is said
 * there is played on the track, and the other server learns how much of it was heard.
 */
import { msOf } from "../audio/formats";
import { pcmToBytes } from "../audio/pcm";
import type { ClientEvent } from "../protocol/client-events";
import type { ServerEvent, ServerEventBody } from "../protocol/server-events";
import type { RealtimeConfigInput, SessionConfigInput } from "../protocol/session-config";
import type { WireEvent } from "../protocol/wire-event";
import { TRACK_FORMAT, TrackPlayback } from "../session/track-playback";
import type { SessionAudio } from "../session/types";

export interface RelayTrackOptions {
  readonly audio: SessionAudio;
  /** Somebody who speaks ends the reply, as the session is configured now. */
  interrupts(): boolean;
  /** Audio for the other server. */
  append(bytes: Buffer): void;
  send(event: ClientEvent): void;
  /** To the client. */
  emit(event: ServerEventBody): void;
}

const FORMAT = { type: "audio/pcm", rate: 24_000 } as const;

export class RelayTrack {
  private readonly playback: TrackPlayback;

  constructor(private readonly options: RelayTrackOptions) {
    this.playback = new TrackPlayback(options.audio, (event) => options.emit(event));
  }

  /** The other server is there. */
  start(): void {
    this.options.audio.listen({
      onAudio: (samples) => this.options.append(Buffer.from(pcmToBytes(samples))),
      onPlayed: () => this.playback.progress(),
    });
  }

  /** True: the event is sound, which is played and not told. */
  plays({ audio, event }: WireEvent): boolean {
    if (audio === undefined || event.type !== "response.output_audio.delta") return false;
    const bytes = Buffer.from(event.delta, "base64");
    const ms = msOf(TRACK_FORMAT, bytes.length);
    this.playback.sent({ responseId: event.response_id, itemId: event.item_id, ms, bytes });
    return true;
  }

  saw(event: ServerEvent): void {
    if (event.type === "response.done") this.playback.ended(event.response.id ?? "");
    if (event.type === "input_audio_buffer.speech_started" && this.options.interrupts()) this.clear();
  }

  /** Drops what waits; the other server must not believe that it was heard. */
  clear(): void {
    for (const { itemId, heardMs, wasCut } of this.playback.stop()) {
      if (!wasCut) continue;
      const place = { item_id: itemId, content_index: 0, audio_end_ms: Math.floor(heardMs) };
      this.options.send({ type: "conversation.item.truncate", ...place });
    }
  }
}

/** What a session begins with: the track has one format, whatever the other server's default. */
export function withTrackFormat(config: SessionConfigInput | undefined): SessionConfigInput {
  const own: RealtimeConfigInput = config?.type === "realtime" ? config : { type: "realtime" };
  const { input, output } = own.audio ?? {};
  return { ...own, audio: { input: { ...input, format: FORMAT }, output: { ...output, format: FORMAT } } };
}

/** An update of the client's, which means nothing for the formats of a track. */
export function withoutFormats(event: ClientEvent): ClientEvent {
  if (event.type !== "session.update" || event.session.type !== "realtime" || event.session.audio === undefined)
    return event;
  const { input, output } = event.session.audio;
  const audio = {
    ...(input !== undefined && { input: { ...input, format: undefined } }),
    ...(output !== undefined && { output: { ...output, format: undefined } }),
  };
  return { ...event, session: { ...event.session, audio } };
}
