import { expect, it } from "vitest";
import { isAllowed, isAsked } from "../../../lib/services/mcp-servers/approvals";
import { type ListedTool, ruleOf, rulesWith, type Use, useOf } from "./approvals";

const names = ["weather", "order", "refund"];
const listed = (uses: readonly Use[]): ListedTool[] =>
  names.map((name, i) => ({ name, allowed: uses[i] !== "withheld", approval: uses[i] === "asks" }));

it.each<[Use[], string, Use]>([
  [["asks", "asks", "asks"], "weather", "free"],
  [["free", "asks", "asks"], "weather", "asks"],
  [["free", "free", "asks"], "refund", "free"],
  [["free", "free", "free"], "order", "withheld"],
  [["asks", "withheld", "free"], "order", "asks"],
])("from %j with %s %s, the server's own rules come to the same", (before, name, use) => {
  const rules = rulesWith(listed(before), name, use);
  const after = names.map((each, i) => (each === name ? use : before[i]));
  const told = names.map((each) => {
    const tool = { name: each, description: "", inputSchema: {}, readOnly: false };
    return useOf({ name: each, allowed: isAllowed(rules, tool), approval: isAsked(rules, tool) });
  });
  expect(told).toEqual(after);
});

it("says simply what is simple", () => {
  expect(rulesWith(listed(["free", "asks", "asks"]), "weather", "asks")).toEqual({
    allowedTools: null,
    approval: "always",
  });
  expect(rulesWith(listed(["free", "free", "asks"]), "refund", "free")).toEqual({
    allowedTools: null,
    approval: "never",
  });
  expect(ruleOf({ never: { read_only: true } })).toBe("reading");
  expect(ruleOf({ never: { tool_names: ["weather"] } })).toBe("chosen");
});
