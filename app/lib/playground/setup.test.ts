import { describe, expect, it } from "vitest";
import { realtimeSession } from "../../../server/realtime/protocol/session-schema";
import { agentConfig } from "../../../lib/services/agents/config";
import { fromAgent, savedToolsOf, type StoredTool } from "./agent-setup";
import { defaultSetup, type Setup, toSession, toUpdate } from "./setup";

const town = { label: "town", approval: "always" } as const;
const weather = { name: "weather", description: "", parameters: {}, mock: undefined };
const withTools: Setup = { ...defaultSetup, tools: [weather], servers: [town] };

describe("tools of a session", () => {
  it("are functions, and MCP servers by their label", () => {
    const session = toSession(withTools, "hold");
    expect(session.tools).toEqual([
      { type: "function", name: "weather", description: "", parameters: {} },
      { type: "mcp", server_label: "town", require_approval: "always" },
    ]);
    expect(realtimeSession.safeParse(session).success).toBe(true);
  });

  it("are told again when either changed, and taken away when none is left", () => {
    expect(toUpdate(withTools, withTools, "hold")).toHaveProperty("tools");
    expect(toUpdate(defaultSetup, withTools, "hold").tools).toEqual([]);
    expect(toUpdate(defaultSetup, defaultSetup, "hold")).not.toHaveProperty("tools");
  });
});

describe("tools that the server runs", () => {
  const both = [
    { id: "tool_a", name: "weather" },
    { id: "tool_b", name: "news" },
  ];
  const withThem: Setup = { ...defaultSetup, webhooks: both };

  it("are named by their ids, and given back with null", () => {
    expect(toSession(withThem, "hold")).toMatchObject({ prompt: { id: "tool_a,tool_b" } });
    expect(realtimeSession.safeParse(toUpdate(defaultSetup, withThem, "hold")).data).toMatchObject({ prompt: null });
    expect(toUpdate(defaultSetup, defaultSetup, "hold")).not.toHaveProperty("prompt");
  });
});

describe("reasoning", () => {
  it("is asked for, and given back to the model", () => {
    const thinking: Setup = { ...defaultSetup, effort: "high" };
    expect(toSession(thinking, "hold")).toMatchObject({ reasoning: { effort: "high" } });
    expect(toSession(defaultSetup, "hold")).not.toHaveProperty("reasoning");
    expect(toUpdate(defaultSetup, thinking, "hold")).toMatchObject({ reasoning: {} });
  });
});

const stored = (id: string, kind: StoredTool["kind"], more: object = {}): StoredTool =>
  ({ id, name: `name_${id}`, description: "", parameters: {}, enabled: true, config: {}, kind, ...more }) as StoredTool;

describe("an agent's tools", () => {
  const saved = [
    stored("a", "client"),
    stored("b", "mcp", { config: { approval: "never", allowedTools: null } }),
    stored("c", "client", { enabled: false }),
    stored("d", "client"),
    stored("e", "webhook"),
  ];
  const config = agentConfig.parse({
    instructions: "Desk of {{hotel}} in {{city}}.",
    variables: { city: "Paris" },
    tools: ["a", "b", "c", "e", "gone"],
    handoffs: ["agent_2"],
  });
  const agent = { id: "agent_1", name: "Desk", version: 2, config };
  const agents = [
    { id: "agent_1", name: "Desk" },
    { id: "agent_2", name: "Kitchen" },
  ];

  it("are loaded as what they are, but for those that are switched off", () => {
    const { setup } = fromAgent(agent, { tools: saved, agents });
    expect(setup.tools.map(({ name }) => name)).toEqual(["name_a"]);
    expect(setup.servers).toEqual([{ label: "name_b", approval: undefined }]);
    expect(setup.webhooks).toEqual([]);
    expect(savedToolsOf(setup, saved).map(({ id }) => id)).toEqual(["a", "b", "e"]);
    expect(setup.agent).toMatchObject({
      variables: { hotel: "", city: "Paris" },
      webhooks: ["name_e"],
      handoffs: ["Kitchen"],
    });
  });
});
