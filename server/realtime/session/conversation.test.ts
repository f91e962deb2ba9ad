import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, wireFormat } from "../audio/formats";
import { ProtocolError } from "../protocol/errors";
import { Conversation } from "./conversation";
import { toEntry, type Entry } from "./stored-items";

const pcm = wireFormat({ type: "audio/pcm" });
const limits = { maxItems: 1_000, maxAudioBytes: 1_000_000 };
const text = (id: string): Entry =>
  toEntry({ id, type: "message", role: "user", content: [{ type: "input_text", text: id }] }, pcm, "item");
const spoken = (id: string, ms: number): Entry =>
  toEntry(
    {
      id,
      type: "message",
      role: "user",
      content: [{ type: "input_audio", audio: Buffer.alloc(bytesOf(pcm, ms)).toString("base64") }],
    },
    pcm,
    "item",
  );

const ids = (conversation: Conversation): string[] => conversation.entries.map((entry) => entry.item.id);

type Step =
  | { readonly do: "insert"; readonly id: string; readonly after: string | undefined }
  | { readonly do: "remove"; readonly id: string };

const anyId = fc.constantFrom("a", "b", "c", "d", "e", "f");
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("insert" as const),
      id: anyId,
      after: fc.option(fc.oneof(anyId, fc.constant("root")), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), id: anyId }) },
);

/** The same on a plain list; undefined when it must be refused. */
function onList(list: readonly string[], step: Step): string[] | undefined {
  if (step.do === "remove") return list.includes(step.id) ? list.filter((id) => id !== step.id) : undefined;
  if (list.includes(step.id)) return undefined;
  if (step.after === undefined) return [...list, step.id];
  if (step.after !== "root" && !list.includes(step.after)) return undefined;
  const at = step.after === "root" ? 0 : list.indexOf(step.after) + 1;
  return [...list.slice(0, at), step.id, ...list.slice(at)];
}

it("conversation item consistency: any sequence of insertions and removals leaves the chain that a plain list would", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const conversation = new Conversation(limits);
      let list: string[] = [];
      for (const step of steps) {
        const next = onList(list, step);
        const act = (): unknown =>
          step.do === "insert" ? conversation.insert(text(step.id), step.after) : conversation.remove(step.id);
        if (next === undefined) {
          expect(act).toThrow(ProtocolError);
        } else {
          const previous = act();
          list = next;
          if (step.do === "insert") expect(previous).toBe(list[list.indexOf(step.id) - 1] ?? null);
        }
        expect(ids(conversation)).toEqual(list);
        expect(conversation.lastId).toBe(list.at(-1) ?? null);
        for (const [index, id] of list.entries()) expect(conversation.previousOf(id)).toBe(list[index - 1] ?? null);
      }
    }),
  );
});

describe("audio", () => {
  it("is counted, and given back when an item goes", () => {
    const conversation = new Conversation(limits);
    conversation.insert(spoken("a", 100));
    conversation.insert(spoken("b", 50));
    expect(conversation.audioBytes).toBe(bytesOf(pcm, 150));
    conversation.remove("a");
    expect(conversation.audioBytes).toBe(bytesOf(pcm, 50));
  });

  it("beyond its cap the oldest goes first, and the item stays", async () => {
    const conversation = new Conversation({ ...limits, maxAudioBytes: bytesOf(pcm, 120) });
    conversation.insert(spoken("a", 100));
    conversation.insert(spoken("b", 100));
    expect(conversation.audioBytes).toBe(bytesOf(pcm, 100));
    expect(ids(conversation)).toEqual(["a", "b"]);
    expect(await conversation.retrieve("a")).toMatchObject({ content: [{ type: "input_audio", transcript: null }] });
    expect(JSON.stringify(await conversation.retrieve("b"))).toContain("AAAA");
  });

  it("of a reply in the making may be cut, and stays cut when the reply is finished", async () => {
    const conversation = new Conversation(limits);
    const item = {
      id: "r",
      object: "realtime.item",
      type: "message",
      role: "assistant",
      status: "in_progress",
      content: [],
    } as const;
    conversation.insert({ item: { ...item, content: [] }, clips: new Map(), spoken: [] });
    conversation.addWords("r", "One two three four.");
    conversation.addAudio("r", pcm, Buffer.alloc(bytesOf(pcm, 1_000)));
    conversation.addWords("r", " Five six.");
    conversation.truncate("r", 0, 500);
    conversation.addAudio("r", pcm, Buffer.alloc(bytesOf(pcm, 1_000)));
    conversation.settle({
      ...item,
      status: "incomplete",
      content: [{ type: "output_audio", transcript: "One two three four. Five six." }],
    });
    expect(await conversation.retrieve("r")).toMatchObject({
      status: "incomplete",
      content: [{ transcript: "One two" }],
    });
    expect(conversation.audioBytes).toBe(bytesOf(pcm, 500));
  });
});
