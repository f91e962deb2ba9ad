/** From an item as a client sends it to one as the conversation keeps it: ids given, audio taken out into clips. */
import type { WireFormat } from "../audio/formats";
import type { KeptSound } from "../engine/types";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { Item, ItemInput } from "../protocol/items";
import { AudioClip } from "./clip";
import { beginClause, extendClause, finishClause, type Spoken } from "./spoken";

export interface Entry {
  /** Replaced, never changed in place; never carries audio. */
  readonly item: Item;
  /** Audio by content index. */
  readonly clips: Map<number, AudioClip>;
  /** What was spoken when, in an assistant's audio. */
  readonly spoken: Spoken;
  /** The sound of a reply as its model keeps it. */
  readonly kept?: KeptSound;
  /** Playback stopped about here, as far as we know; the model is not told what comes after. */
  readonly heardMs?: number;
  /** The client cut the audio: its words are what was heard, whatever is still reported of the response. */
  readonly truncated?: boolean;
}

/** `param` is the path of the item, for errors. */
export function toEntry(input: ItemInput, format: WireFormat, param: string): Entry {
  const clips = new Map<number, AudioClip>();
  const item = toItem(input, (index, audio) =>
    clips.set(index, toClip(audio, format, `${param}.content[${index}].audio`)),
  );
  return { item, clips, spoken: spokenOf(item, clips) };
}

/** A user's turn, as it was heard. */
export function spokenTurn(id: string, clip: AudioClip, transcript: string | null): Entry {
  return {
    item: {
      id,
      object: "realtime.item",
      type: "message",
      role: "user",
      status: "completed",
      content: [{ type: "input_audio", transcript }],
    },
    clips: new Map([[0, clip]]),
    spoken: [],
  };
}

type KeepAudio = (index: number, base64: string) => void;

function toItem(input: ItemInput, keepAudio: KeepAudio): Item {
  const base = {
    id: input.id ?? newId("item"),
    object: "realtime.item" as const,
    status: input.status ?? ("completed" as const),
  };
  switch (input.type) {
    case "message":
      return toMessage(input, base, keepAudio);
    case "function_call":
      return { ...input, ...base, call_id: input.call_id ?? newId("call") };
    case "function_call_output":
      return { ...input, ...base };
    case "mcp_approval_request":
    case "mcp_approval_response":
    case "mcp_call":
    case "mcp_list_tools":
      return { ...input, ...base };
    default:
      return input satisfies never;
  }
}

type Base = Pick<Item & { type: "message" }, "id" | "object" | "status">;

function toMessage(input: ItemInput & { type: "message" }, base: Base, keepAudio: KeepAudio): Item {
  switch (input.role) {
    case "system":
      return { ...base, type: "message", role: "system", content: input.content };
    case "user":
      return {
        ...base,
        type: "message",
        role: "user",
        content: input.content.map((part, index) => {
          if (part.type !== "input_audio") return part;
          if (part.audio !== undefined) keepAudio(index, part.audio);
          return { type: "input_audio" as const, transcript: part.transcript ?? null };
        }),
      };
    case "assistant":
      return {
        ...base,
        type: "message",
        role: "assistant",
        content: input.content.map((part, index) => {
          if (part.type !== "output_audio") return part;
          if (part.audio !== undefined) keepAudio(index, part.audio);
          return { type: "output_audio" as const, transcript: part.transcript ?? "" };
        }),
      };
    default:
      return input satisfies never;
  }
}

function toClip(base64: string, format: WireFormat, param: string): AudioClip {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length % format.bytesPerSample !== 0) throw errors.invalidAudio(param);
  const clip = new AudioClip();
  clip.push(format, bytes);
  return clip;
}

function spokenOf(item: Item, clips: ReadonlyMap<number, AudioClip>): Spoken {
  if (item.type !== "message" || item.role !== "assistant") return [];
  const part = item.content[0];
  const durationMs = clips.get(0)?.durationMs ?? 0;
  if (part?.type !== "output_audio" || durationMs === 0) return [];
  return finishClause(extendClause(beginClause([], part.transcript, 0), durationMs));
}
