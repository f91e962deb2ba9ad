import { describe, expect, it } from "vitest";
import type { GenerateRequest, PromptItem } from "../engine/types";
import { loadTokenizer } from "../session/tokenizer";
import { Talk, type Rig, type Setup } from "./rig";

/** Twenty tokens or so, and a name to tell it by. */
const sentence = (name: string): string => `${name}: ${"one two three ".repeat(6)}`;

function namesOf(request: GenerateRequest | undefined): string[] {
  return (request?.items ?? []).map((item: PromptItem) => {
    if (item.type !== "message") return item.type;
    const [part] = item.content;
    return part?.type === "text" ? (part.text.split(":")[0] ?? "") : (part?.type ?? "");
  });
}

async function open(rig: Rig, setup: Setup, session: Record<string, unknown> = {}): Promise<Talk> {
  await loadTokenizer();
  const talk = await Talk.open(rig, { contextTokens: 200, llm: { reply: "Answer: yes" }, ...setup });
  await talk.update({ instructions: "Be kind.", output_modalities: ["text"], ...session });
  return talk;
}

const given = (talk: Talk, call: number): string[] => namesOf(talk.parts.llm.calls[call]?.request);

export function truncationSuite(rig: Rig): void {
  describe("truncation", () => {
    it("auto drops the oldest from what the model is given, and nothing from the conversation", async () => {
      const talk = await open(rig, {});
      for (const name of ["A", "B", "C"]) talk.say(sentence(name), { id: `item_${name}` });
      await talk.respond();
      for (const name of ["D", "E"]) talk.say(sentence(name));
      await talk.respond();
      expect([given(talk, 0), given(talk, 1)]).toEqual([
        ["A", "B", "C"],
        ["B", "C", "Answer", "D", "E"],
      ]);
      talk.send({ type: "conversation.item.retrieve", item_id: "item_A" });
      expect((await talk.next("conversation.item.retrieved")).item.id).toBe("item_A");
    });

    it("retention_ratio drops more at once, so that the beginning stays the same for a while", async () => {
      const truncation = { type: "retention_ratio", retention_ratio: 0.5, token_limits: { post_instructions: 80 } };
      const talk = await open(rig, {}, { truncation });
      for (const [index, names] of [["A", "B", "C"], ["D"], ["E"]].entries()) {
        for (const name of names) talk.say(sentence(name));
        await talk.respond();
        if (index === 0) expect((await talk.update({})).session).toMatchObject({ truncation });
      }
      expect([given(talk, 0), given(talk, 1), given(talk, 2)]).toEqual([
        ["A", "B", "C"],
        ["Answer", "D"],
        ["Answer", "D", "Answer", "E"],
      ]);
    });

    it("never parts a call from its output", async () => {
      const talk = await open(rig, {});
      const call = { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" };
      talk.send({ type: "conversation.item.create", item: call });
      for (const name of ["A", "B"]) talk.say(sentence(name));
      const output = { type: "function_call_output", call_id: "call_1", output: sentence("found") };
      talk.send({ type: "conversation.item.create", item: output });
      talk.say(sentence("C"));
      await talk.respond();
      for (const name of ["D", "E"]) talk.say(sentence(name));
      await talk.respond();
      expect(given(talk, 0)).toEqual(["tool-call", "A", "B", "tool-result", "C"]);
      expect(given(talk, 1)).toEqual(["B", "C", "Answer", "D", "E"]);
    });

    it("disabled and full: the response fails and says so, and the session goes on", async () => {
      const talk = await open(rig, {}, { truncation: "disabled" });
      for (const name of ["A", "B", "C", "D", "E"]) talk.say(sentence(name));
      const refused = await talk.respond();
      expect(refused).toMatchObject({
        status: "failed",
        status_details: { error: { type: "invalid_request_error", code: "context_length_exceeded" } },
      });
      await talk.update({ truncation: "auto" });
      expect((await talk.respond()).status).toBe("completed");
    });

    it("even auto fails when the newest turn alone is too long", async () => {
      const talk = await open(rig, {});
      talk.say(sentence("A").repeat(10));
      expect(await talk.respond()).toMatchObject({
        status: "failed",
        status_details: { error: { code: "context_length_exceeded" } },
      });
    });

    it("sums up what was dropped, between replies, and tells the model from then on", async () => {
      const asked: { previous: string | null; names: string[] }[] = [];
      const summarize = ({ previous, items }: { previous: string | null; items: readonly PromptItem[] }): string => {
        asked.push({ previous, names: namesOf({ items } as GenerateRequest) });
        return `so far ${asked.length}`;
      };
      const talk = await open(rig, { context: { summarize } });
      for (const [index, names] of [["A", "B", "C", "D", "E"], ["F"], ["G"]].entries()) {
        for (const name of names) talk.say(sentence(name));
        await talk.respond();
        await expect.poll(() => asked.length).toBe(index + 1);
      }
      expect(asked[0]).toMatchObject({ previous: null, names: ["A"] });
      expect(asked[1]).toMatchObject({ previous: "so far 1" });
      expect(given(talk, 0)).toEqual(["B", "C", "D", "E"]);
      expect(given(talk, 1)[0]).toBe("Summary of the earlier conversation");
    });

    it("has the summary written by the model itself, without making a reply wait", async () => {
      const reply = (request: GenerateRequest): readonly ({ wait: number } | string)[] =>
        request.instructions.startsWith("You keep the memory") ? [{ wait: 20 }, "They spoke of A."] : ["Answer: yes"];
      const talk = await open(rig, { context: { summarize: true }, llm: { reply } });
      for (const name of ["A", "B", "C", "D", "E"]) talk.say(sentence(name));
      await talk.respond();
      const summaries = () => talk.parts.llm.calls.filter(({ request }) => request.instructions.startsWith("You keep"));
      await expect.poll(() => summaries().map(({ state }) => state)).toEqual(["finished"]);
      talk.say(sentence("F"));
      await talk.respond();
      const { items } = talk.parts.llm.calls[2]!.request;
      expect(items[0]).toEqual({
        type: "message",
        role: "system",
        content: [{ type: "text", text: "Summary of the earlier conversation:\nThey spoke of A." }],
      });
    });
  });
}
