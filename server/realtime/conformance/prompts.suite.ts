import { describe, expect, it } from "vitest";
import type { PromptStore } from "../session/stored-prompts";
import { inTurn } from "../testing";
import { defineTool } from "../tools/define-tool";
import { Talk, type Rig, type Setup } from "./rig";
import { outputs, said, update } from "./talk-tools";

const bookings = defineTool({ name: "bookings", execute: () => "none" });

/** Two agents; the first is kept in two versions and hands over to the second. */
const store: PromptStore = {
  find: async (id, version, { tenant }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (id === "desk" && tenant === "default")
      return {
        session: {
          instructions: `${version === "1" ? "Old" : "New"} desk of {{ hotel }}.`,
          output_modalities: ["text"],
          audio: { output: { voice: "first" } },
        },
        tools: [bookings],
        handoffs: [{ name: "kitchen", description: "For food.", prompt: { id: "kitchen" } }],
      };
    if (id === "kitchen") return { session: { instructions: "The kitchen.", audio: { output: { voice: "second" } } } };
    if (id === "broken") throw new Error("secret of the database");
    return undefined;
  },
};
const prompt = (more: Record<string, unknown> = {}) => ({
  prompt: { id: "desk", variables: { hotel: "the Ritz" }, ...more },
});
const setup: Setup = { prompts: store };

export function promptsSuite(rig: Rig): void {
  describe("stored prompts", () => {
    it("a session becomes what was saved, and what the client says on top", async () => {
      const talk = await Talk.open(rig, setup);
      const { session } = await talk.update({ ...prompt(), max_output_tokens: 99 });
      expect(session).toMatchObject({
        instructions: "New desk of the Ritz.",
        output_modalities: ["text"],
        max_output_tokens: 99,
        prompt: { id: "desk", variables: { hotel: "the Ritz" } },
        audio: { output: { voice: "first" } },
      });
      talk.say("Hi");
      await talk.respond();
      expect(talk.parts.llm.calls[0]?.request).toMatchObject({
        instructions: "New desk of the Ritz.",
        tools: [{ name: "bookings" }, { name: "transfer_to_kitchen" }],
      });
    });

    it("events that come during the lookup wait for it, in order", async () => {
      const talk = await Talk.open(rig, setup);
      talk.send(update(prompt({ version: "1" })));
      talk.say("Hi");
      talk.send({ type: "response.create" });
      await talk.next("response.done");
      expect(talk.parts.llm.calls[0]?.request.instructions).toBe("Old desk of the Ritz.");
      expect(talk.types().indexOf("session.updated")).toBeLessThan(talk.types().indexOf("conversation.item.added"));
    });

    it("a value is never taken for a variable", async () => {
      const talk = await Talk.open(rig, setup);
      const { session } = await talk.update(prompt({ variables: { hotel: "{{hotel}} $& {{secret}}" } }));
      expect(session).toMatchObject({ instructions: "New desk of {{hotel}} $& {{secret}}." });
    });

    it("a response may have one of its own", async () => {
      const talk = await Talk.open(rig, setup);
      talk.say("Hi");
      const response = await talk.respond({ ...prompt(), max_output_tokens: 50 });
      expect(response).toMatchObject({ output_modalities: ["text"], audio: { output: { voice: "first" } } });
      expect(talk.parts.llm.calls[0]?.request).toMatchObject({
        instructions: "New desk of the Ritz.",
        maxOutputTokens: 50,
      });
    });

    it("hands over to another agent from the next response on, with the voice that was heard", async () => {
      const talk = await Talk.open(rig, {
        ...setup,
        llm: { reply: inTurn("Welcome.", [{ toolCall: { name: "transfer_to_kitchen", arguments: {} } }], "Hungry?") },
      });
      await talk.update({ ...prompt(), output_modalities: ["audio"] });
      talk.say("Hi");
      await talk.respond();
      talk.say("Food, please");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("Hungry?");
      expect(outputs(talk)).toEqual(['{"transferred_to":"kitchen"}']);
      const [, before, after] = talk.parts.llm.calls.map(({ request }) => request);
      expect(before?.instructions).toBe("New desk of the Ritz.");
      expect(after).toMatchObject({ instructions: "The kitchen.", tools: [] });
      expect(talk.parts.tts.calls.map(({ request }) => request.voice)).toEqual(["first", "first"]);
      expect(talk.all("error")).toEqual([]);
    });

    it.each([
      [prompt({ id: "nobody" }), "session.prompt.id", "invalid_value"],
      [prompt({ variables: {} }), "session.prompt.variables.hotel", "missing_required_parameter"],
      [prompt({ variables: { hotel: "x", city: "y" } }), "session.prompt.variables.city", "unknown_parameter"],
      [
        prompt({ variables: { hotel: { type: "input_image", detail: "auto", image_url: "https://a.example/b.png" } } }),
        "session.prompt.variables.hotel",
        "unsupported_parameter",
      ],
      [
        prompt({ variables: { hotel: "x".repeat(10_001) } }),
        "session.prompt.variables.hotel",
        "string_above_max_length",
      ],
    ])("refuses %o", async (session, param, code) => {
      const talk = await Talk.open(rig, setup);
      const error = await talk.refused({ ...update(session), event_id: "mine" });
      expect(error).toMatchObject({ param, code, event_id: "mine" });
      expect((await talk.update({})).session).toMatchObject({ prompt: null });
    });

    it("a store that fails is a fault of the server, and tells nothing", async () => {
      const talk = await Talk.open(rig, setup);
      const error = await talk.refused(update(prompt({ id: "broken", variables: null })));
      expect(error.type).toBe("server_error");
      expect(JSON.stringify(error)).not.toContain("secret");
    });
  });
}
