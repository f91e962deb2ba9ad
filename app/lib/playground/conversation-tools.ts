/** What events say about tools: functions that are called, MCP servers that are listed, calls that must be approved. */
import type { Item, ItemInput, McpCallItem } from "../../../server/realtime/protocol/items";
import type { ServerEventOf } from "../../../server/realtime/protocol/server-events";
import type { ConversationState, McpListTurn, McpTurn, ToolTurn, Turn } from "./conversation-types";

type State = ConversationState;
type Kinds = { readonly tool: ToolTurn; readonly mcp: McpTurn; readonly "mcp-list": McpListTurn };
type ItemOf<T extends Item["type"]> = Extract<Item, { type: T }>;
type ApprovalResponse = Extract<ItemInput, { type: "mcp_approval_response" }>;

// ---------------------------------------------------------------- calls, as the model writes them

/** The turn of a call that a response has begun. */
export function callOf(
  state: State,
  { item, response_id: responseId }: ServerEventOf<"response.output_item.added">,
  at: number,
): ToolTurn | McpTurn | undefined {
  if (item.type === "mcp_call") return mcpTurn(item, responseId, at);
  if (item.type !== "function_call") return undefined;
  const { id, name, call_id: callId, arguments: json } = item;
  const common = { kind: "tool", status: "streaming", output: undefined, durationMs: undefined } as const;
  return { ...common, id, responseId, callId, name, arguments: json, by: ownerOf(state, name), since: at };
}

/** What the session names as a function is the client's to answer; the server's own are not shown there. */
function ownerOf({ session }: State, name: string): ToolTurn["by"] {
  const ours = session?.tools.some((tool) => tool.type === "function" && tool.name === name) ?? false;
  return ours ? "page" : "server";
}

type ArgumentsEvent<T extends "delta" | "done"> =
  ServerEventOf<`response.function_call_arguments.${T}`> | ServerEventOf<`response.mcp_call_arguments.${T}`>;

export function argumentsDelta(state: State, event: ArgumentsEvent<"delta">): State {
  return changeCall(state, event.item_id, (turn) => ({ ...turn, arguments: turn.arguments + event.delta }));
}

export function argumentsDone(state: State, event: ArgumentsEvent<"done">): State {
  return changeCall(state, event.item_id, (turn) => ({ ...turn, arguments: event.arguments }));
}

/** A call that is not whole, or does not fit its schema, is carried out by nobody. */
export function itemDone(state: State, event: ServerEventOf<"response.output_item.done">, at: number): State {
  const { item, response_id: responseId } = event;
  const whole = !("status" in item) || item.status !== "incomplete";
  switch (item.type) {
    case "function_call": {
      const status = whole ? "waiting" : "void";
      return change(state, { kind: "tool", id: item.id }, (turn) => ({
        ...turn,
        arguments: item.arguments,
        status,
        since: at,
      }));
    }
    case "mcp_call":
      return whole ? state : change(state, { kind: "mcp", id: item.id }, (turn) => ({ ...turn, status: "void" }));
    case "mcp_approval_request":
      return whole ? asked(state, item, { responseId, at }) : state;
    default:
      return state;
  }
}

// ---------------------------------------------------------------- items

/** Items that stand in the conversation: lists of tools that are asked for, and answers of whoever gave them. */
export function itemAdded(state: State, { item }: ServerEventOf<"conversation.item.added">, at: number): State {
  if (item.type === "function_call_output") return answered(state, { callId: item.call_id, output: item.output, at });
  if (item.type !== "mcp_list_tools" || state.turns.some(({ id }) => id === item.id)) return state;
  const { id, server_label: server } = item;
  const turn: McpListTurn = {
    kind: "mcp-list",
    id,
    server,
    status: "listing",
    tools: [],
    problem: undefined,
    since: at,
    durationMs: undefined,
  };
  return { ...state, turns: [...state.turns, turn] };
}

export function settled(state: State, { item }: ServerEventOf<"conversation.item.done">, at: number): State {
  if (item.type === "mcp_call") return mcpSettled(state, item, at);
  if (item.type !== "mcp_list_tools") return state;
  const tools = item.tools.map(({ name, description }) => ({ name, description: description ?? "" }));
  return change(state, { kind: "mcp-list", id: item.id }, (turn) => ({ ...turn, tools }));
}

/** What the page itself puts into the conversation. */
export function created(state: State, item: ItemInput, at: number): State {
  switch (item.type) {
    case "function_call_output":
      return answered(state, { callId: item.call_id, output: item.output, at });
    case "mcp_approval_response":
      return decided(state, item, at);
    default:
      return state;
  }
}

interface Answer {
  readonly callId: string;
  readonly output: string;
  readonly at: number;
}

/** The first answer is the one that holds. */
function answered(state: State, { callId, output, at }: Answer): State {
  const turns = state.turns.map((turn): Turn => {
    if (turn.kind !== "tool" || turn.callId !== callId || turn.output !== undefined) return turn;
    const status = turn.status === "void" ? "void" : "done";
    return { ...turn, output, status, durationMs: Math.round(at - turn.since) };
  });
  return { ...state, turns };
}

// ---------------------------------------------------------------- MCP

export function listed(
  state: State,
  event: ServerEventOf<"mcp_list_tools.completed"> | ServerEventOf<"mcp_list_tools.failed">,
  at: number,
): State {
  const status = event.type === "mcp_list_tools.completed" ? "done" : "failed";
  return change(state, { kind: "mcp-list", id: event.item_id }, (turn) => ({
    ...turn,
    status,
    durationMs: Math.round(at - turn.since),
  }));
}

/** Why a list could not be had is told in an error of its own, right after. */
export function failure(state: State, { error }: ServerEventOf<"error">): State {
  const failed = state.turns.findLast((turn) => turn.kind === "mcp-list" && turn.status === "failed");
  if (error.code !== "mcp_list_tools_failed" || failed === undefined) return state;
  return change(state, { kind: "mcp-list", id: failed.id }, (turn) => ({
    ...turn,
    problem: turn.problem ?? error.message,
  }));
}

export function mcpStarted(state: State, event: ServerEventOf<"response.mcp_call.in_progress">, at: number): State {
  return change(state, { kind: "mcp", id: event.item_id }, (turn) => ({ ...turn, status: "running", since: at }));
}

interface Asked {
  readonly responseId: string;
  readonly at: number;
}

/** A request belongs to the call before it; servers that tell of the call only once it is approved have none yet. */
function asked(state: State, request: ItemOf<"mcp_approval_request">, { responseId, at }: Asked): State {
  const { id: requestId, server_label: server, name } = request;
  const approval = { requestId, answer: undefined };
  const call = state.turns.findLast(
    (turn) =>
      turn.kind === "mcp" &&
      turn.responseId === responseId &&
      turn.approval === undefined &&
      turn.server === server &&
      turn.name === name,
  );
  if (call !== undefined)
    return change(state, { kind: "mcp", id: call.id }, (turn) => ({ ...turn, approval, status: "asking" }));
  const turn: McpTurn = { ...mcpTurn(request, responseId, at), status: "asking", approval };
  return { ...state, turns: [...state.turns, turn] };
}

function decided(state: State, { approval_request_id: id, approve, reason }: ApprovalResponse, at: number): State {
  const turns = state.turns.map((turn): Turn => {
    if (turn.kind !== "mcp" || turn.approval?.requestId !== id) return turn;
    const approval = { requestId: id, answer: { approve, reason: reason ?? "" } };
    return { ...turn, approval, status: approve ? "running" : turn.status, since: at };
  });
  return { ...state, turns };
}

function mcpSettled(state: State, item: McpCallItem, at: number): State {
  const error = item.error ?? undefined;
  const output = item.output ?? undefined;
  if (error === undefined && output === undefined) return state;
  const turns = state.turns.map((turn): Turn => {
    if (turn.kind !== "mcp" || !isTurnOf(turn, item)) return turn;
    // A call that never ran took no time.
    const durationMs = turn.status === "running" ? Math.round(at - turn.since) : undefined;
    return { ...turn, output, error, durationMs, status: error === undefined ? "done" : "failed" };
  });
  return { ...state, turns };
}

/** By its id, or as what was approved before there was an item of it. */
export function isTurnOf(turn: McpTurn, item: McpCallItem): boolean {
  return turn.id === item.id || (turn.approval !== undefined && turn.approval.requestId === item.approval_request_id);
}

function mcpTurn(item: McpCallItem | ItemOf<"mcp_approval_request">, responseId: string, at: number): McpTurn {
  const { id, server_label: server, name, arguments: json } = item;
  return {
    kind: "mcp",
    id,
    responseId,
    server,
    name,
    arguments: json,
    status: "streaming",
    approval: undefined,
    output: undefined,
    error: undefined,
    since: at,
    durationMs: undefined,
  };
}

// ---------------------------------------------------------------- the connection is gone

/** Whoever was asked can no longer answer, and what ran comes to nothing. */
export function abandon(state: State): State {
  return { ...state, turns: state.turns.map(abandoned) };
}

function abandoned(turn: Turn): Turn {
  switch (turn.kind) {
    case "tool":
      return turn.status === "done" ? turn : { ...turn, status: "void" };
    case "mcp":
      return turn.status === "done" || turn.status === "failed" ? turn : { ...turn, status: "void" };
    case "mcp-list":
      return turn.status === "listing" ? { ...turn, status: "failed" } : turn;
    default:
      return turn;
  }
}

// ---------------------------------------------------------------- inside

interface Place<K> {
  readonly kind: K;
  readonly id: string;
}

function change<K extends keyof Kinds>(state: State, { kind, id }: Place<K>, update: (turn: Kinds[K]) => Turn): State {
  const turns = state.turns.map((turn) => (turn.kind === kind && turn.id === id ? update(turn as Kinds[K]) : turn));
  return { ...state, turns };
}

function changeCall(state: State, id: string, update: <T extends ToolTurn | McpTurn>(turn: T) => T): State {
  const turns = state.turns.map((turn) =>
    (turn.kind === "tool" || turn.kind === "mcp") && turn.id === id ? update(turn) : turn,
  );
  return { ...state, turns };
}
