import { describe, expect, it } from "vitest";
import { tone } from "../testing";
import { Talk, type Rig } from "./rig";

const wire = (ms: number): string => Buffer.from(tone({ ms }).samples.buffer).toString("base64");
const user = (id: string, text = id) => ({
  id,
  type: "message",
  role: "user",
  content: [{ type: "input_text", text }],
});

export function conversationSuite(rig: Rig): void {
  describe("conversation", () => {
    it("adds at the end, after an item, and at the root", async () => {
      const talk = await Talk.open(rig);
      const create = async (item: Record<string, unknown>, previous_item_id?: string) => {
        talk.send({ type: "conversation.item.create", item, ...(previous_item_id && { previous_item_id }) });
        const added = await talk.next("conversation.item.added");
        const done = await talk.next("conversation.item.done");
        expect(done).toMatchObject({ item: added.item, previous_item_id: added.previous_item_id });
        return added.previous_item_id;
      };
      expect(await create(user("a"))).toBeNull();
      expect(await create(user("b"))).toBe("a");
      expect(await create(user("c"), "a")).toBe("a");
      expect(await create(user("d"), "root")).toBeNull();
      talk.send({ type: "conversation.item.delete", item_id: "a" });
      await talk.next("conversation.item.deleted");
      expect(await create(user("e"), "d")).toBe("d");
      await talk.respond({ output_modalities: ["text"] });
      const heard = talk.parts.llm.calls[0]?.request.items.map((item) => JSON.stringify(item));
      expect(heard?.map((item) => /"text":"(\w)"/.exec(item)?.[1])).toEqual(["d", "e", "c", "b"]);
    });

    it("takes every kind of item and gives it back", async () => {
      const talk = await Talk.open(rig);
      const items = [
        { id: "i1", type: "message", role: "system", content: [{ type: "input_text", text: "s" }] },
        {
          id: "i2",
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "u" },
            { type: "input_image", image_url: "data:image/png;base64,AAAA" },
          ],
        },
        { id: "i3", type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] },
        { id: "i4", type: "function_call", name: "f", call_id: "call_1", arguments: "{}" },
        { id: "i5", type: "function_call_output", call_id: "call_1", output: "42" },
      ];
      for (const item of items) talk.send({ type: "conversation.item.create", item });
      for (const item of items) {
        talk.send({ type: "conversation.item.retrieve", item_id: item.id });
        expect((await talk.next("conversation.item.retrieved")).item).toEqual({
          ...item,
          object: "realtime.item",
          status: "completed",
        });
      }
    });

    it("gives a user's audio back byte for byte", async () => {
      const talk = await Talk.open(rig);
      const audio = wire(120);
      talk.send({
        type: "conversation.item.create",
        item: { id: "u", type: "message", role: "user", content: [{ type: "input_audio", audio }] },
      });
      const added = await talk.next("conversation.item.added");
      expect(added.item).toMatchObject({ content: [{ type: "input_audio", transcript: null }] });
      expect(JSON.stringify(added)).not.toContain(audio.slice(0, 40));
      talk.send({ type: "conversation.item.retrieve", item_id: "u" });
      expect((await talk.next("conversation.item.retrieved")).item).toMatchObject({
        content: [{ type: "input_audio", audio, transcript: null }],
      });
    });

    it("truncates a reply's audio and words to what was heard", async () => {
      const talk = await Talk.open(rig, {
        llm: { reply: "One two three four five six seven eight." },
        tts: { msPerChar: 50 },
      });
      talk.say("count");
      const { output } = await talk.respond();
      const item_id = output[0]!.id;
      talk.send({ type: "conversation.item.truncate", item_id, content_index: 0, audio_end_ms: 700 });
      expect(await talk.next("conversation.item.truncated")).toMatchObject({
        item_id,
        content_index: 0,
        audio_end_ms: 700,
      });
      talk.send({ type: "conversation.item.retrieve", item_id });
      const { item } = await talk.next("conversation.item.retrieved");
      const part = item.type === "message" ? item.content[0] : undefined;
      if (part?.type !== "output_audio") throw new Error("no audio");
      expect(part.transcript).toBe("One two three");
      expect(Buffer.from(part.audio ?? "", "base64").length).toBe(700 * 48);
      await talk.respond({ output_modalities: ["text"] });
      expect(JSON.stringify(talk.parts.llm.calls.at(-1)?.request.items)).not.toContain("four");
    });

    it("refuses what would break it, naming the event that asked", async () => {
      const talk = await Talk.open(rig);
      talk.send({ type: "conversation.item.create", item: user("a") });
      const cases: [Record<string, unknown>, Record<string, unknown>][] = [
        [{ type: "conversation.item.create", item: user("a") }, { code: "item_create_duplicate_item_id" }],
        [
          { type: "conversation.item.create", item: user("b"), previous_item_id: "zz" },
          { code: "item_create_invalid_previous_item_id" },
        ],
        [
          { type: "conversation.item.create", item: user("x".repeat(33)) },
          { code: "string_above_max_length", param: "item.id" },
        ],
        [
          { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_no", output: "1" } },
          { code: "invalid_tool_call_id" },
        ],
        [{ type: "conversation.item.delete", item_id: "zz" }, { code: "item_delete_invalid_item_id" }],
        [{ type: "conversation.item.retrieve", item_id: "zz" }, { code: "item_retrieve_invalid_item_id" }],
        [
          { type: "conversation.item.truncate", item_id: "zz", content_index: 0, audio_end_ms: 0 },
          {
            code: "item_truncate_invalid_item_id",
            message: "Error truncating item: the item with id 'zz' does not exist.",
          },
        ],
        [
          { type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: 0 },
          { code: "unsupported_content_type" },
        ],
        [
          {
            type: "conversation.item.create",
            item: { type: "message", role: "user", content: [{ type: "input_audio", audio: "AAA=" + "A" }] },
          },
          { code: "invalid_value", param: "item.content[0].audio" },
        ],
        [
          {
            type: "conversation.item.create",
            item: { type: "message", role: "user", content: [{ type: "input_audio", audio: "AA==" }] },
          },
          { code: "invalid_value", param: "item.content[0].audio" },
        ],
      ];
      for (const [index, [event, expected]] of cases.entries()) {
        expect(await talk.refused({ ...event, event_id: `e${index}` })).toMatchObject({
          ...expected,
          event_id: `e${index}`,
        });
      }
    });

    it("refuses to truncate beyond the audio", async () => {
      const talk = await Talk.open(rig, { llm: { reply: "Hi." }, tts: { msPerChar: 100 } });
      talk.say("x");
      const { output } = await talk.respond();
      expect(
        await talk.refused({
          type: "conversation.item.truncate",
          item_id: output[0]!.id,
          content_index: 0,
          audio_end_ms: 8160,
        }),
      ).toMatchObject({
        code: "invalid_value",
        param: "audio_end_ms",
        message: "Audio content of 300ms is already shorter than 8160ms",
      });
    });

    it("is bounded, and says so", async () => {
      const talk = await Talk.open(rig, { limits: { maxItems: 2 } });
      talk.say("1");
      talk.say("2");
      talk.send({ type: "conversation.item.create", event_id: "third", item: user("c") });
      expect((await talk.next("error")).error).toMatchObject({ event_id: "third" });
      expect((await talk.respond({ output_modalities: ["text"] })).status).toBe("completed");
    });
  });
}
