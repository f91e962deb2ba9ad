/** The events of one session in their order. Audio is left out; texts that come in pieces are one entry for many. */
import type { NewEvent } from "./rows";

type Entry = Pick<NewEvent, "seq" | "direction" | "type" | "atMs" | "payload">;

export interface LoggedEvent {
  readonly direction: "in" | "out" | "note";
  readonly atMs: number;
  readonly event: { readonly type: string };
}

interface Gathering {
  readonly entry: Entry;
  readonly event: object;
  readonly key: string;
  pieces: string[];
}

const AUDIO: ReadonlySet<string> = new Set([
  "response.output_audio.delta",
  "input_audio_buffer.append",
  "session.output_audio.delta",
  "session.input_audio_buffer.append",
]);

export class EventLog {
  private seq = 0;
  private gathering: Gathering | undefined;

  constructor(private readonly write: (entry: Entry) => void) {}

  add({ direction, atMs, event }: LoggedEvent): void {
    if (AUDIO.has(event.type)) return;
    const piece = pieceOf(event);
    const key = piece === undefined ? "" : `${event.type} ${idOf(event)}`;
    if (piece !== undefined && this.gathering?.key === key) {
      this.gathering.pieces.push(piece);
      return;
    }
    this.flush();
    this.seq += 1;
    const entry = { seq: this.seq, direction, type: event.type, atMs, payload: event };
    if (piece === undefined) this.write(entry);
    else this.gathering = { entry, event, key, pieces: [piece] };
  }

  /** Writes what has gathered. */
  flush(): void {
    const { gathering } = this;
    if (gathering === undefined) return;
    this.gathering = undefined;
    const { entry, event, pieces } = gathering;
    const many = pieces.length > 1 ? { delta: pieces.join(""), pieces: pieces.length } : {};
    this.write({ ...entry, payload: { ...event, ...many } });
  }
}

function pieceOf(event: object): string | undefined {
  return "delta" in event && typeof event.delta === "string" ? event.delta : undefined;
}

function idOf(event: object): string {
  return "item_id" in event ? String(event.item_id) : "";
}
