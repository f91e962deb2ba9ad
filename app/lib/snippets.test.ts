import * as sdk from "@openai/agents-realtime";
import { describe, expect, it } from "vitest";
import { defaultSetup, type Setup, toSession } from "./playground/setup";
import { sessionSnippet, SNIPPET_KINDS } from "./snippets";

const order = { type: "object", properties: { to: { type: "string" } }, required: ["to"] };
const setup: Setup = {
  ...defaultSetup,
  instructions: 'Say "hello" to `everybody`, it\'s ${polite}.',
  voice: "awb",
  speed: 1.2,
  language: "en",
  maxTokens: 200,
  tools: [{ name: "order", description: "Orders.", parameters: order, mock: undefined }],
  servers: [{ label: "town", approval: "always" }],
};
const session = toSession(setup, "hands-free");
const parts = { origin: "http://localhost:3000", model: "antiphon", session, apiKey: "sk-ap-test" };

/** What the SDK would tell the server, as the program sets it up. */
async function payloadOf(program: string): Promise<unknown> {
  const setUp =
    program.replace(/^import (\{.*\}) from .*$/m, "const $1 = sdk;").split("await session.connect")[0] ?? "";
  const made = (new Function("sdk", `${setUp} return session;`) as (packages: typeof sdk) => sdk.RealtimeSession)(sdk);
  return (made.transport as sdk.OpenAIRealtimeWebSocket).buildSessionPayload(await made.getInitialSessionConfig());
}

describe("snippets", () => {
  it.each(SNIPPET_KINDS)("$label has the address, the model and the session's own words", ({ value }) => {
    const program = sessionSnippet(value, parts);
    expect(program).toContain("antiphon");
    expect(program).toContain('"order"');
    if (value !== "json") expect(program).toContain("localhost:3000/v1");
  });

  it("the Agents SDK tells the server exactly this session", async () => {
    const told = await payloadOf(sessionSnippet("agents", parts));
    expect(told).toMatchObject({ ...session, model: "antiphon" });
  });
});
