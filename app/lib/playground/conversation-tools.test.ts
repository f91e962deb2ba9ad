import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { emptyConversation, reduceConversation } from "./conversation-state";
import type { ConversationState } from "./conversation-types";

const kept = { object: "realtime.item", status: "completed" } as const;
const list = { ...kept, id: "item_l", type: "mcp_list_tools", server_label: "town", tools: [] };
const call = { ...kept, id: "item_c", type: "function_call", call_id: "call_1", name: "clock", arguments: "{}" };

/** What a page shows after these events, each 10 ms after the one before. */
function after(...events: readonly object[]): ConversationState {
  return events.reduce<ConversationState>(
    (state, event, i) => reduceConversation(state, { type: "received", event: event as ServerEvent, at: i * 10 }),
    emptyConversation,
  );
}

const listing = [
  { type: "conversation.item.added", previous_item_id: null, item: { ...list, status: "in_progress" } },
  { type: "mcp_list_tools.in_progress", item_id: "item_l" },
];

describe("a server that is asked for its tools", () => {
  it("is shown with what it has, and how long that took", () => {
    const tools = [{ name: "order", description: "Orders a taxi.", input_schema: {} }];
    const events = [
      ...listing,
      { type: "conversation.item.done", previous_item_id: null, item: { ...list, tools } },
      { type: "mcp_list_tools.completed", item_id: "item_l" },
    ];
    expect(after(...listing).turns).toMatchObject([{ kind: "mcp-list", server: "town", status: "listing" }]);
    expect(after(...events).turns).toMatchObject([
      { status: "done", tools: [{ name: "order", description: "Orders a taxi." }], durationMs: 30 },
    ]);
  });

  it("is shown with the reason when it cannot be had", () => {
    const { turns } = after(
      ...listing,
      { type: "conversation.item.done", previous_item_id: null, item: list },
      { type: "mcp_list_tools.failed", item_id: "item_l" },
      { type: "error", error: { code: "mcp_list_tools_failed", message: "It refused the key." } },
    );
    expect(turns).toMatchObject([{ status: "failed", problem: "It refused the key." }]);
  });
});

describe("calls", () => {
  it("the server's own answer is shown with its duration, and the first answer holds", () => {
    const output = { ...kept, id: "item_o", type: "function_call_output", call_id: "call_1", output: "noon" };
    const { turns } = after(
      { type: "response.output_item.added", response_id: "resp_1", output_index: 0, item: { ...call, arguments: "" } },
      { type: "response.output_item.done", response_id: "resp_1", output_index: 0, item: call },
      { type: "conversation.item.added", previous_item_id: null, item: output },
      { type: "conversation.item.added", previous_item_id: null, item: { ...output, output: "one" } },
    );
    expect(turns).toMatchObject([{ by: "server", status: "done", output: "noon", durationMs: 10 }]);
  });

  it("nothing is waited for once the connection is gone", () => {
    const state = after(
      ...listing,
      { type: "response.output_item.added", response_id: "resp_1", output_index: 0, item: call },
      { type: "response.output_item.done", response_id: "resp_1", output_index: 0, item: call },
    );
    const gone = reduceConversation(state, { type: "disconnected" });
    expect(gone.turns).toMatchObject([{ status: "failed" }, { status: "void" }]);
  });
});
