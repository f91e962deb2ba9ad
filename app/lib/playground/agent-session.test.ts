import { describe, expect, it } from "vitest";
import { agentSession, agentUpdate } from "./agent-session";
import { defaultSetup, type Setup, type SetupAgent, toUpdate } from "./setup";

const { agent: _none, ...usual } = defaultSetup;
const agent: SetupAgent = {
  id: "agent_1",
  name: "Desk",
  version: 3,
  variables: { hotel: "the Ritz" },
  own: {
    ...usual,
    instructions: "Desk of {{hotel}}.",
    voice: "kal",
    speed: 1.2,
    servers: [{ label: "town", approval: "always" }],
  },
  webhooks: ["book"],
  handoffs: [],
};
const setup: Setup = { ...agent.own, agent };
const tool = { name: "look", description: "", parameters: { type: "object" }, mock: undefined };

describe("a session under an agent", () => {
  it("begins with its prompt, and says nothing of what the agent says itself", () => {
    const { audio, ...rest } = agentSession(setup, agent, "hands-free");
    expect(rest).toEqual({
      type: "realtime",
      prompt: { id: "agent_1", version: "3", variables: { hotel: "the Ritz" } },
    });
    expect(Object.keys(audio?.input ?? {})).toEqual(["format", "transcription"]);
    expect(Object.keys(audio?.output ?? {})).toEqual(["format"]);
    expect(agentSession(setup, agent, "hold").audio?.input).toMatchObject({ turn_detection: null });
  });

  it("says beside it what was changed on the page, with the variables filled in", () => {
    const changed: Setup = {
      ...setup,
      instructions: "Night desk of {{hotel}}.",
      voice: "slt",
      speed: 1,
      maxTokens: 50,
    };
    const { audio, ...rest } = agentSession(changed, agent, "hands-free");
    expect(rest).toMatchObject({ instructions: "Night desk of the Ritz.", max_output_tokens: 50 });
    expect(audio?.output).toMatchObject({ voice: "slt", speed: 1 });
    const detection = { ...setup.detection, silenceMs: 900 };
    expect(agentSession({ ...setup, detection }, agent, "hands-free").audio?.input).toMatchObject({
      turn_detection: { silence_duration_ms: 900 },
    });
  });

  it("keeps the MCP servers when the functions change, and sends none when only a mock does", () => {
    const more = agentSession({ ...setup, tools: [tool] }, agent, "hold");
    expect(more.tools).toMatchObject([
      { type: "function", name: "look" },
      { type: "mcp", server_label: "town" },
    ]);
    const before = { ...setup, tools: [tool] };
    const after = { ...setup, tools: [{ ...tool, mock: "{}" }] };
    expect(agentUpdate(after, before, "hold")).not.toHaveProperty("tools");
  });

  it("is told what changed since, and all of it when a variable does", () => {
    const slower: Setup = { ...setup, speed: 0.8 };
    expect(toUpdate(slower, setup, "hold")).toEqual({
      type: "realtime",
      audio: { input: {}, output: { speed: 0.8 } },
    });
    expect(toUpdate({ ...setup, speed: 1.2 }, slower, "hold")).toMatchObject({ audio: { output: { speed: 1.2 } } });
    const other = { ...agent, variables: { hotel: "the Savoy" } };
    expect(toUpdate({ ...slower, agent: other }, slower, "hold")).toMatchObject({
      prompt: { id: "agent_1", variables: { hotel: "the Savoy" } },
      audio: { output: { speed: 0.8 } },
    });
  });
});
