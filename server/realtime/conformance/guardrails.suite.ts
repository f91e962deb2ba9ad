import { describe, expect } from "vitest";
import { readingIt, Talk, type Rig } from "./rig";

export function guardrailsSuite(rig: Rig): void {
  const itReads = readingIt(rig);
  describe("guardrails", () => {
    itReads("hear a reply before the client does, and are told of to observers", async () => {
      const seen: unknown[] = [];
      const talk = await Talk.open(rig, {
        guardrails: [
          {
            name: "cards",
            check: ({ text }) => (/secret/.test(text) ? "stop" : /\d/.test(text) ? { replace: "A number. " } : "pass"),
          },
        ],
        observers: [
          {
            name: "log",
            observe: (_info, observation) => {
              if (observation.type === "guardrail") seen.push([observation.verdict, observation.text]);
            },
          },
        ],
        llm: { reply: "It is 12345. Good day. The secret is out." },
      });
      talk.say("Hi");
      const response = await talk.respond();
      expect(response).toMatchObject({
        status: "incomplete",
        status_details: { type: "incomplete", reason: "content_filter" },
        output: [{ content: [{ type: "output_audio", transcript: "A number. Good day. " }] }],
      });
      expect(seen).toEqual([
        ["replace", "It is 12345. "],
        ["stop", "The secret is out."],
      ]);
    });
  });
}
