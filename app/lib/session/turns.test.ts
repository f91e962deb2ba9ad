import { describe, expect, it } from "vitest";
import { readable, type RecordedItem, toolCallsOf } from "./tool-calls";
import { type RecordedResponse, shownMs, turnsOf } from "./turns";

function item(id: string, fields: Partial<RecordedItem>): RecordedItem {
  const plain = { type: "message", role: null, atMs: 0, doneMs: null, transcript: "", deleted: false, content: {} };
  return { id, ...plain, ...fields };
}

const question = (id: string, atMs: number, transcript: string) => item(id, { role: "user", atMs, transcript });
const call = item("call", {
  type: "function_call",
  atMs: 1_300,
  doneMs: 1_400,
  content: { name: "find_order", arguments: '{"id":7}', call_id: "c1" },
});
const output = item("output", {
  type: "function_call_output",
  atMs: 2_200,
  content: { call_id: "c1", output: '{"left":"yesterday"}' },
});

function response(id: string, fields: Partial<RecordedResponse>): RecordedResponse {
  const none = { speechStoppedMs: null, transcribedMs: null, firstTokenMs: null, firstAudioMs: null, doneMs: null };
  return { id, status: "completed", createdMs: 0, heardMs: null, ...none, ...fields };
}

describe("tool calls", () => {
  it("are one with their output, and the time between is theirs", () => {
    const { calls, outputs } = toolCallsOf([call, output]);
    expect(calls.get("call")).toEqual({
      id: "call",
      name: "find_order",
      server: undefined,
      arguments: '{"id":7}',
      output: '{"left":"yesterday"}',
      error: undefined,
      fromMs: 1_400,
      toMs: 2_200,
    });
    expect([...outputs]).toEqual(["output"]);
  });

  it("may be unanswered, MCP's own, failed, or of a session whose words are not kept", () => {
    const content = { name: "search", server_label: "docs", arguments: "{}", output: null, error: { message: "No." } };
    const mcp = item("mcp", { type: "mcp_call", atMs: 10, doneMs: 60, content });
    const { calls, outputs } = toolCallsOf([call, mcp, item("bare", { type: "function_call", atMs: 5 })]);
    expect(calls.get("call")).toMatchObject({ output: undefined, toMs: undefined });
    expect(calls.get("mcp")).toMatchObject({ server: "docs", error: "No.", output: undefined, fromMs: 10, toMs: 60 });
    expect(calls.get("bare")).toMatchObject({ name: "a tool", arguments: "", output: undefined });
    expect(outputs.size).toBe(0);
  });

  it("show their JSON in lines, and anything else as it is", () => {
    expect([readable('{"a":1}'), readable("plain"), readable("")]).toEqual(['{\n  "a": 1\n}', "plain", ""]);
  });
});

describe("turns", () => {
  const items = [question("q1", 1_000, "Where is it?"), call, output, question("q2", 9_000, "Thanks.")];
  const responses = [
    response("r1", { speechStoppedMs: 900, transcribedMs: 990, createdMs: 1_000, firstTokenMs: 1_250, doneMs: 1_400 }),
    response("r2", { createdMs: 2_210, firstTokenMs: 2_400, firstAudioMs: 2_500, doneMs: 5_000 }),
    response("r3", { createdMs: 9_000, firstTokenMs: 9_100, firstAudioMs: 9_200, doneMs: 9_900 }),
  ];

  it("gather what one question led to, in the order of time", () => {
    const turns = turnsOf({ items, responses });
    expect(turns.map(({ said, startMs, rows }) => [said, startMs, rows.map(({ kind }) => kind)])).toEqual([
      ["Where is it?", 900, ["reply", "tool", "reply"]],
      ["Thanks.", 9_000, ["reply"]],
    ]);
    expect(turns[0]?.rows[1]).toMatchObject({ fromMs: 1_400, toMs: 2_200 });
  });

  it("tell each stage that took time", () => {
    const [first] = turnsOf({ items, responses });
    const [reply] = first?.rows ?? [];
    expect(reply?.kind === "reply" && reply.spans.map(({ label, fromMs, toMs }) => [label, fromMs, toMs])).toEqual([
      ["Understanding", 900, 990],
      ["Starting", 990, 1_000],
      ["Thinking", 1_000, 1_250],
      ["Writing", 1_250, 1_400],
    ]);
  });

  it("show what people wait for, however long is spoken after", () => {
    expect(shownMs(turnsOf({ items, responses }))).toBeCloseTo(1_600 * 1.4);
    expect(shownMs([])).toBe(700);
  });

  it("may begin without a question", () => {
    expect(turnsOf({ items: [], responses: [response("r", { createdMs: 5 })] })).toMatchObject([
      { said: "", startMs: 5 },
    ]);
  });
});
