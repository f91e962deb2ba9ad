import { describe, expect, it } from "vitest";
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { Item } from "../../../server/realtime/protocol/items";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { defaultSessionConfig, toSessionResource } from "../../../server/realtime/protocol/session-config";
import { emptyConversation, reduceConversation } from "./conversation-state";
import type { ConversationState } from "./conversation-types";
import { ToolDesk } from "./tool-desk";

const ours = [{ type: "function" as const, name: "weather" }];
const session = toSessionResource(
  { ...defaultSessionConfig({ model: "antiphon", voice: "alloy" }), tools: ours },
  { id: "sess_1", expiresAt: 2_000_000_000 },
);
const kept = { object: "realtime.item", status: "completed" } as const;

/** The desk at a conversation, as the playground wires it. */
function desk(mocks: Readonly<Record<string, string>> = {}) {
  let state: ConversationState = emptyConversation;
  let at = 0;
  const sent: ClientEvent[] = [];
  const tools = new ToolDesk({
    send: (event) => {
      sent.push(event);
      state = reduceConversation(state, { type: "sent", event, at: (at += 10) });
    },
    conversation: () => state,
    answerOf: ({ name }) => mocks[name],
  });
  const from = (body: unknown): void => {
    const event = body as ServerEvent;
    state = reduceConversation(state, { type: "received", event, at: (at += 10) });
    tools.received(event);
  };
  const done = (responseId = "resp_1"): void =>
    from({ type: "response.done", response: { id: responseId, status: "completed", status_details: null } });
  const begin = (responseId = "resp_1"): void => from({ type: "response.created", response: { id: responseId } });
  const item = (value: object, responseId = "resp_1"): void => {
    const whole = { ...kept, ...value } as Item;
    from({ type: "response.output_item.added", response_id: responseId, output_index: 0, item: whole });
    from({ type: "response.output_item.done", response_id: responseId, output_index: 0, item: whole });
  };
  const settle = (value: object): void =>
    from({ type: "conversation.item.done", previous_item_id: null, item: { ...kept, ...value } });
  from({ type: "session.created", session });
  return { tools, sent, from, begin, done, item, settle, turn: (id: string) => state.turns.find((t) => t.id === id) };
}

const call = (id: string, name = "weather", status = "completed") => ({
  type: "function_call",
  id,
  call_id: `call_${id}`,
  name,
  arguments: "{}",
  status,
});
const order = { type: "mcp_call", id: "item_m", server_label: "town", name: "order", arguments: '{"to":"Oslo"}' };
const running = { ...order, status: "in_progress" };
const request = { ...order, type: "mcp_approval_request", id: "item_a" };
const types = (sent: readonly ClientEvent[]) =>
  sent.map((event) => (event.type === "conversation.item.create" ? event.item.type : event.type));

describe("functions", () => {
  it("a mock answers as soon as the call is whole, and the model goes on after its response", () => {
    const { sent, begin, item, done, turn } = desk({ weather: "sunny" });
    begin();
    item(call("a"));
    expect(types(sent)).toEqual(["function_call_output"]);
    done();
    expect(types(sent)).toEqual(["function_call_output", "response.create"]);
    expect(turn("a")).toMatchObject({ by: "page", status: "done", output: "sunny" });
  });

  it("a call that does not fit is left to the server, mock or not", () => {
    const { sent, begin, item, done, from, turn } = desk({ weather: "sunny" });
    begin();
    item(call("a", "weather", "incomplete"));
    done();
    const output = { ...kept, id: "item_o", type: "function_call_output", call_id: "call_a", output: "no city" };
    from({ type: "conversation.item.added", previous_item_id: null, item: output });
    expect(sent).toEqual([]);
    expect(turn("a")).toMatchObject({ status: "void", output: "no city" });
  });

  it("the server's own calls are shown with its answer, and gone on with by the server", () => {
    const { tools, sent, begin, item, done, turn } = desk({ clock: "noon" });
    begin();
    item(call("a", "clock"));
    tools.answer("call_a", "by hand");
    done();
    expect(turn("a")).toMatchObject({ by: "server", status: "waiting" });
    expect(sent).toEqual([]);
  });

  it("an old call that nobody answered holds up no other", () => {
    const { tools, sent, begin, item, done } = desk();
    begin();
    item(call("a"));
    done();
    begin("resp_2");
    item(call("b"), "resp_2");
    item(call("c"), "resp_2");
    done("resp_2");
    tools.answer("call_b", "1");
    expect(types(sent)).not.toContain("response.create");
    tools.answer("call_c", "2");
    tools.answer("call_c", "3");
    expect(types(sent)).toEqual(["function_call_output", "function_call_output", "response.create"]);
  });

  it("asks again after a reply that had begun before it saw the answer", () => {
    const { tools, sent, begin, item, done, from } = desk();
    begin();
    item(call("a"));
    done();
    tools.answer("call_a", "1");
    begin("resp_2");
    from({ type: "error", error: { code: "conversation_already_has_active_response", message: "", param: null } });
    done("resp_2");
    expect(types(sent)).toEqual(["function_call_output", "response.create", "response.create"]);
  });
});

describe("MCP", () => {
  it("goes on when a call is over, whatever came of it", () => {
    const { sent, begin, item, done, from, settle, turn } = desk();
    begin();
    item(running);
    done();
    from({ type: "response.mcp_call.in_progress", item_id: "item_m", output_index: 0 });
    expect(turn("item_m")).toMatchObject({ status: "running" });
    settle({
      ...order,
      status: "incomplete",
      output: null,
      error: { type: "http_error", code: 502, message: "Gone." },
    });
    expect(turn("item_m")).toMatchObject({ status: "failed", error: { message: "Gone." }, durationMs: 10 });
    expect(types(sent)).toEqual(["response.create"]);
  });

  it.each([true, false])("a call that must be approved waits for the answer, once (%s)", (approve) => {
    const { tools, sent, begin, item, done, from, settle, turn } = desk();
    begin();
    item(running);
    item(request);
    done();
    expect(turn("item_m")).toMatchObject({ status: "asking", approval: { requestId: "item_a", answer: undefined } });
    expect(sent).toEqual([]);
    tools.approve("item_a", { approve, reason: approve ? "" : "too dear" });
    tools.approve("item_a", { approve: !approve, reason: "" });
    expect(sent).toEqual([
      {
        type: "conversation.item.create",
        item: {
          type: "mcp_approval_response",
          approval_request_id: "item_a",
          approve,
          ...(approve ? {} : { reason: "too dear" }),
        },
      },
    ]);
    if (approve) from({ type: "response.mcp_call.in_progress", item_id: "item_m", output_index: 0 });
    settle(
      approve
        ? { ...order, output: "On its way.", error: null, approval_request_id: "item_a" }
        : { ...order, status: "incomplete", output: null, error: { type: "tool_execution_error", message: "No." } },
    );
    expect(turn("item_m")).toMatchObject({ status: approve ? "done" : "failed" });
    expect(types(sent)).toEqual(["mcp_approval_response", "response.create"]);
  });

  it("a server that tells of the call only once it is approved is understood too", () => {
    const { tools, sent, begin, item, done, settle, turn } = desk();
    begin();
    item(request);
    done();
    tools.approve("item_a", { approve: true, reason: "" });
    settle({ ...order, output: "On its way.", error: null, approval_request_id: "item_a" });
    expect(turn("item_a")).toMatchObject({ status: "done", output: "On its way." });
    expect(types(sent)).toEqual(["mcp_approval_response", "response.create"]);
  });
});
