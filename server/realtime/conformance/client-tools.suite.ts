import { describe, expect, it } from "vitest";
import { inTurn } from "../testing";
import { Talk, type Rig } from "./rig";
import { call, look, outputs, said, schema, TEXT, textOf, update } from "./talk-tools";

export function clientToolsSuite(rig: Rig): void {
  describe("tools of the client", () => {
    it("a call with wrong arguments goes back to the model once, then to the client", async () => {
      const talk = await Talk.open(rig, { llm: { reply: [call("look", { at: 7 })] } });
      await talk.update({ ...TEXT, tools: [look] });
      talk.say("Look");
      talk.send({ type: "response.create" });
      const status = ({ item }: { item: { type: string; status?: string } }) => item.status;
      const done = (where: string) => talk.next("response.output_item.done", (event) => status(event) === where);
      await done("incomplete");
      await done("completed");
      expect(outputs(talk)).toHaveLength(1);
      expect(outputs(talk)[0]).toMatch(/at must be string/);
    });

    it("arguments that are no JSON count as wrong", async () => {
      const talk = await Talk.open(rig, { llm: { reply: inTurn([call("look", "{at: sea")], "Sorry.") } });
      await talk.update({ ...TEXT, tools: [look] });
      talk.say("Look");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("Sorry.");
      expect(outputs(talk)).toEqual(['{"error":"The arguments are not JSON."}']);
    });

    it("a call that nobody answers does not hold up the conversation", async () => {
      const talk = await Talk.open(rig, { llm: { reply: inTurn([call("look", { at: "sea" })], "Anyway.") } });
      await talk.update({ ...TEXT, tools: [look] });
      talk.say("Look");
      await talk.respond();
      talk.say("Never mind.");
      const response = await talk.respond();
      expect(textOf(response.output)).toBe("Anyway.");
    });

    it.each([
      [
        { tools: [{ type: "function", name: "a", parameters: { type: "nonsense" } }] },
        "session.tools[0].parameters.type",
      ],
      [
        { tools: [{ type: "function", name: "a", parameters: { $ref: "https://evil.example/x.json" } }] },
        "session.tools[0].parameters",
      ],
      [
        { tools: [{ type: "function", name: "a", parameters: schema({ b: { pattern: "(" } }) }] },
        "session.tools[0].parameters",
      ],
      [{ tools: [look, look] }, "session.tools[1].name"],
      [{ tools: [{ ...look, strict: true }] }, "session.tools[0].parameters"],
      [{ tools: Array.from({ length: 129 }, (_, n) => ({ type: "function", name: `t${n}` })) }, "session.tools"],
      [{ tool_choice: { type: "function", name: "nobody" } }, "session.tool_choice"],
    ])("refuses %o", async (session, param) => {
      const talk = await Talk.open(rig);
      expect(await talk.refused(update(session))).toMatchObject({ param });
    });

    it.each(["auto", "none", "required", { type: "function", name: "look" }])("tool_choice %o", async (choice) => {
      const talk = await Talk.open(rig);
      await talk.update({ ...TEXT, tools: [look], tool_choice: choice, parallel_tool_calls: false });
      talk.say("Hi");
      await talk.respond();
      expect(talk.parts.llm.calls[0]?.request).toMatchObject({
        toolChoice: typeof choice === "string" ? choice : { name: "look" },
        parallelToolCalls: false,
      });
    });
  });
}
