import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PromptItem } from "../../realtime/engine/types";
import { chatMessages } from "./messages";

const say = (role: "user" | "assistant" | "system", text: string): PromptItem => ({
  type: "message",
  role,
  content: [{ type: "text", text }],
});
const call = (callId: string, json = '{"a":1}'): PromptItem => ({
  type: "tool-call",
  callId,
  name: "f",
  arguments: json,
});
const result = (callId: string, output = `result of ${callId}`): PromptItem => ({
  type: "tool-result",
  callId,
  output,
});

const asked = (...ids: string[]) =>
  ids.map((id) => ({ id, type: "function", function: { name: "f", arguments: '{"a":1}' } }));
const answer = (id: string, content = `result of ${id}`) => ({ role: "tool", tool_call_id: id, content });

describe("chat messages", () => {
  it("keep words, images and order", () => {
    const items: PromptItem[] = [
      {
        type: "message",
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image", url: "data:image/png;base64,AA==", detail: "low" },
          { type: "text", text: "" },
        ],
      },
      say("assistant", "A cat."),
      say("system", "Be brief."),
      { type: "message", role: "user", content: [{ type: "audio", audio: undefined, transcript: "Thanks." }] },
    ];
    expect(chatMessages("Be kind.", items)).toEqual([
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
        ],
      },
      { role: "assistant", content: "A cat." },
      { role: "system", content: "Be brief." },
      { role: "user", content: "Thanks." },
    ]);
  });

  it("leave out what is empty", () => {
    expect(chatMessages(" ", [say("user", ""), say("assistant", " \n"), say("user", "Hi")])).toEqual([
      { role: "user", content: "Hi" },
    ]);
  });

  it("put calls, and what was said right before them, into one message with their results after it", () => {
    const items = [
      say("assistant", "Let me see."),
      call("a"),
      call("b"),
      say("user", "Hurry"),
      result("b"),
      result("a"),
    ];
    expect(chatMessages("", items)).toEqual([
      { role: "assistant", content: "Let me see.", tool_calls: asked("a", "b") },
      answer("a"),
      answer("b"),
      { role: "user", content: "Hurry" },
    ]);
  });

  it("keep calls one after the other apart", () => {
    expect(chatMessages("", [call("a"), result("a"), call("b"), result("b")])).toEqual([
      { role: "assistant", content: null, tool_calls: asked("a") },
      answer("a"),
      { role: "assistant", content: null, tool_calls: asked("b") },
      answer("b"),
    ]);
  });

  it("mend what an interruption left: no result, no call, broken arguments, a call twice", () => {
    expect(chatMessages("", [result("x"), call("a", '{"a":'), call("a"), say("user", "Hi")])).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      answer("a", "(no result yet)"),
      { role: "user", content: "Hi" },
    ]);
  });

  it("always follow calls with exactly their results (any order of items)", () => {
    const id = fc.constantFrom("a", "b", "c", "d");
    const item = fc.oneof(
      id.map((callId) => call(callId)),
      id.map((callId) => result(callId)),
      fc.constantFrom(say("user", "u"), say("assistant", "v"), say("user", "")),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        let due: string[] = [];
        const seen = new Set<string>();
        for (const message of chatMessages("", items)) {
          if (message.role === "tool") {
            expect(message.tool_call_id).toBe(due.shift());
            continue;
          }
          expect(due).toEqual([]);
          if (message.role === "assistant") due = (message.tool_calls ?? []).map((made) => made.id);
          for (const made of due) {
            expect(seen.has(made)).toBe(false);
            seen.add(made);
          }
        }
        expect(due).toEqual([]);
      }),
    );
  });
});
