import { describe, expect, it } from "vitest";
import { parseClientEvent } from "./client-events";
import { withoutSecrets } from "./secrets";

const tools = [
  {
    type: "mcp",
    server_label: "a",
    server_url: "https://a.example",
    authorization: "s3cret",
    headers: { "x-key": "s3cret" },
  },
  { type: "function", name: "look" },
];

describe("what observers see of a client's events", () => {
  it.each([
    { type: "session.update", session: { type: "realtime", tools } },
    { type: "response.create", response: { tools } },
  ])("no secrets of tools in $type", (value) => {
    const parsed = parseClientEvent(value);
    if (!parsed.ok) throw parsed.error;
    const seen = JSON.stringify(withoutSecrets(parsed.event));
    expect(seen).not.toContain("s3cret");
    expect(seen).toContain("x-key");
    expect(JSON.stringify(parsed.event)).toContain("s3cret");
  });

  it("everything else as it is", () => {
    const parsed = parseClientEvent({ type: "response.create" });
    if (!parsed.ok) throw parsed.error;
    expect(withoutSecrets(parsed.event)).toBe(parsed.event);
  });
});
