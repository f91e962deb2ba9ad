/**
 * One response, from `response.created` to `response.done`. A pure machine: what the engine reports goes in, what the
 * client hears and what the conversation keeps comes out.
 *
 * Invariants: exactly one `response.done`, and nothing of the response after it; every part is closed before its item,
 * every item before the response; deltas only inside an open part; a closed machine absorbs whatever still arrives.
 */
import type { FinishReason, KeptSound, ReplyEvent } from "../engine/types";
import type { FunctionCallItem, Item, McpCallItem } from "../protocol/items";
import type { ResponseResource, ResponseStatusDetails, ResponseUsage } from "../protocol/responses";
import type { ServerEventBody } from "../protocol/server-events";
import type { ResponseError } from "./failures";
import { toItem, type OutputItem } from "./response-items";
import type { ResponseSettings } from "./settings";

/** What stays the same for the whole response. */
export interface ResponseHead {
  readonly id: string;
  /** Null for `conversation: "none"`. */
  readonly conversationId: string | null;
  readonly resource: ResponseSettings["resource"];
}

export interface ResponseState {
  readonly head: ResponseHead;
  readonly phase: "running" | "done";
  readonly items: readonly OutputItem[];
}

export type ResponseInput =
  | Exclude<ReplyEvent, { type: "finish" } | { type: "audio" } | { type: "tool-call" } | { type: "tool-call-done" }>
  /** `server`: the label of the MCP server that it is for. */
  | {
      readonly type: "tool-call";
      readonly index: number;
      readonly name: string;
      readonly callId?: string;
      readonly server?: string;
    }
  /** A person is asked whether a call may be made. */
  | { readonly type: "approval-request"; readonly id: string; readonly call: McpCallItem }
  /** `refused`: its arguments are wrong, and nobody is to carry it out. */
  | { readonly type: "tool-call-done"; readonly index: number; readonly refused?: boolean }
  /** Audio in wire format. */
  | { readonly type: "audio"; readonly bytes: Buffer }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage: ResponseUsage }
  | { readonly type: "cancel"; readonly reason: "turn_detected" | "client_cancelled"; readonly usage: ResponseUsage }
  | { readonly type: "fail"; readonly error: ResponseError; readonly usage: ResponseUsage };

export type ResponseEffect =
  | { readonly type: "emit"; readonly event: ServerEventBody }
  /** The item enters the conversation, or leaves the making: the session announces it there. */
  | { readonly type: "open-item"; readonly item: Item }
  | { readonly type: "close-item"; readonly item: Item; readonly goesOn: boolean }
  /** Words and audio of an item, kept so that it can be retrieved and cut. */
  | { readonly type: "words"; readonly itemId: string; readonly text: string; readonly joins: boolean }
  | { readonly type: "kept"; readonly itemId: string; readonly sound: KeptSound }
  | { readonly type: "audio"; readonly itemId: string; readonly bytes: Buffer };

export interface ResponseStep {
  readonly state: ResponseState;
  readonly effects: readonly ResponseEffect[];
}

/** Makes the ids of items and calls; given in, so that the machine stays pure. */
export type MakeId = (prefix: "item" | "call") => string;

export function startResponse(head: ResponseHead): ResponseStep {
  const state: ResponseState = { head, phase: "running", items: [] };
  return { state, effects: [emit({ type: "response.created", response: resource(state) })] };
}

export function nextResponse(state: ResponseState, input: ResponseInput, makeId: MakeId): ResponseStep {
  if (state.phase === "done") return { state, effects: [] };
  switch (input.type) {
    case "text":
      return say(state, { kind: "text", words: input.text, joins: false }, makeId);
    case "speech":
      return say(state, { kind: "audio", words: input.text, joins: input.joins === true }, makeId);
    case "audio":
      // Sound may come before its words.
      if (input.bytes.length === 0) return { state, effects: [] };
      return chain(openMessage(state, "audio", makeId), (next) => addAudio(next, input.bytes));
    case "kept":
      return { state, effects: keepSound(state, input.sound) };
    case "tool-call":
      return chain(closeItems(state, "text", "completed"), (next) => openCall(next, input, makeId));
    case "approval-request":
      return askApproval(state, input);
    case "tool-arguments":
      return addArguments(state, input.index, input.delta);
    case "tool-call-done":
      return closeCall(state, input);
    case "finish":
      return finish(state, input.reason, input.usage);
    case "cancel":
      return end(state, {
        status: "cancelled",
        details: { type: "cancelled", reason: input.reason },
        usage: input.usage,
      });
    case "fail":
      return end(state, { status: "failed", details: { type: "failed", error: input.error }, usage: input.usage });
    default:
      return input satisfies never;
  }
}

/** The response's items as they stand: what was said so far, for usage and for the prompt. */
export function outputOf(state: ResponseState): Item[] {
  return state.items.map((item) => toItem(item));
}

// ---------------------------------------------------------------- messages

function openMessage(state: ResponseState, kind: "text" | "audio", makeId: MakeId): ResponseStep {
  if (state.items.some((item) => item.kind === kind && item.open)) return { state, effects: [] };
  const other = kind === "text" ? "audio" : "text";
  return chain(closeItems(state, other, "completed"), (closed) => {
    const item: OutputItem = {
      id: makeId("item"),
      index: closed.items.length,
      kind,
      open: true,
      text: "",
      status: "in_progress",
    };
    const step = openItem(closed, item);
    const part = kind === "text" ? { type: "text" as const, text: "" } : { type: "audio" as const, transcript: "" };
    const added = emit({ type: "response.content_part.added", ...partOf(closed, item), part });
    return { state: step.state, effects: [...step.effects, added] };
  });
}

interface Said {
  readonly kind: "text" | "audio";
  readonly words: string;
  readonly joins: boolean;
}

function say(state: ResponseState, said: Said, makeId: MakeId): ResponseStep {
  if (said.words === "") return { state, effects: [] };
  return chain(openMessage(state, said.kind, makeId), (next) => addWords(next, said));
}

function addWords(state: ResponseState, { kind, words: delta, joins }: Said): ResponseStep {
  const item = state.items.find((each) => each.kind === kind && each.open);
  if (item === undefined) return { state, effects: [] };
  const type = kind === "text" ? "response.output_text.delta" : "response.output_audio_transcript.delta";
  return {
    state: replace(state, { ...item, text: item.text + delta }),
    effects: [{ type: "words", itemId: item.id, text: delta, joins }, emit({ type, ...partOf(state, item), delta })],
  };
}

function addAudio(state: ResponseState, bytes: Buffer): ResponseStep {
  const item = state.items.find((each) => each.kind === "audio" && each.open);
  if (item === undefined) return { state, effects: [] };
  const delta = bytes.toString("base64");
  return {
    state,
    effects: [
      { type: "audio", itemId: item.id, bytes },
      emit({ type: "response.output_audio.delta", ...partOf(state, item), delta }),
    ],
  };
}

function keepSound(state: ResponseState, sound: KeptSound): ResponseEffect[] {
  const item = state.items.findLast((each) => each.kind === "audio");
  return item === undefined ? [] : [{ type: "kept", itemId: item.id, sound }];
}

// ---------------------------------------------------------------- function calls

function openCall(
  state: ResponseState,
  call: { index: number; name: string; callId?: string; server?: string },
  makeId: MakeId,
): ResponseStep {
  if (findCall(state, call.index) !== undefined) return { state, effects: [] };
  const item: OutputItem = {
    id: makeId("item"),
    index: state.items.length,
    kind: call.server === undefined ? "call" : "mcp",
    open: true,
    text: "",
    status: "in_progress",
    call: {
      engineIndex: call.index,
      callId: call.callId ?? makeId("call"),
      name: call.name,
      ...(call.server !== undefined && { server: call.server }),
    },
  };
  return openItem(state, item);
}

function addArguments(state: ResponseState, engineIndex: number, delta: string): ResponseStep {
  const item = findCall(state, engineIndex);
  if (item?.call === undefined || !item.open || delta === "") return { state, effects: [] };
  return {
    state: replace(state, { ...item, text: item.text + delta }),
    effects: [emit(argumentsDelta(state, item, delta))],
  };
}

function argumentsDelta(state: ResponseState, item: OutputItem, delta: string): ServerEventBody {
  const { response_id, item_id, output_index } = partOf(state, item);
  if (item.kind === "mcp") {
    // As the official service has it: the length of an event shall not tell what is in it.
    const obfuscation = "0".repeat((OBFUSCATE - (delta.length % OBFUSCATE)) % OBFUSCATE);
    return { type: "response.mcp_call_arguments.delta", response_id, item_id, output_index, delta, obfuscation };
  }
  const call_id = item.call?.callId ?? "";
  return { type: "response.function_call_arguments.delta", response_id, item_id, output_index, call_id, delta };
}

const OBFUSCATE = 16;

function askApproval(state: ResponseState, { id, call }: { id: string; call: McpCallItem }): ResponseStep {
  const item: OutputItem = {
    id,
    index: state.items.length,
    kind: "approval",
    open: true,
    text: call.arguments,
    status: "in_progress",
    call: { engineIndex: -1, callId: call.id, name: call.name, server: call.server_label },
  };
  return chain(openItem(state, item), (next) => closeItem(next, item, "completed"));
}

function closeCall(state: ResponseState, call: { index: number; refused?: boolean }): ResponseStep {
  const item = findCall(state, call.index);
  if (item?.open !== true) return { state, effects: [] };
  return closeItem(state, item, call.refused === true ? "incomplete" : "completed");
}

/** The call that is being made, if it is still open, and where in the response. */
export function openCallOf(state: ResponseState, engineIndex: number): OpenCall | undefined {
  const item = findCall(state, engineIndex);
  const made = item?.open === true ? toItem(item) : undefined;
  if (item === undefined || (made?.type !== "function_call" && made?.type !== "mcp_call")) return undefined;
  return { item: made, outputIndex: item.index };
}

export interface OpenCall {
  readonly item: FunctionCallItem | McpCallItem;
  readonly outputIndex: number;
}

function findCall(state: ResponseState, engineIndex: number): OutputItem | undefined {
  return state.items.find((item) => item.call?.engineIndex === engineIndex);
}

// ---------------------------------------------------------------- items: opening and closing

function openItem(state: ResponseState, item: OutputItem): ResponseStep {
  return {
    state: { ...state, items: [...state.items, item] },
    effects: [
      emit({
        type: "response.output_item.added",
        response_id: state.head.id,
        output_index: item.index,
        item: toItem(item, { withContent: false }),
      }),
      { type: "open-item", item: toItem(item, { withContent: false }) },
    ],
  };
}

type Ending = "completed" | "incomplete";

function closeItem(state: ResponseState, item: OutputItem, status: Ending): ResponseStep {
  const closed: OutputItem = { ...item, open: false, status };
  const done = toItem(closed);
  return {
    state: replace(state, closed),
    effects: [
      ...closeParts(state, closed),
      // What comes of an MCP call is known only later.
      { type: "close-item", item: done, goesOn: item.kind === "mcp" && status === "completed" },
      emit({ type: "response.output_item.done", response_id: state.head.id, output_index: item.index, item: done }),
    ],
  };
}

function closeParts(state: ResponseState, item: OutputItem): ResponseEffect[] {
  const at = partOf(state, item);
  switch (item.kind) {
    case "text":
      return [
        emit({ type: "response.output_text.done", ...at, text: item.text }),
        emit({ type: "response.content_part.done", ...at, part: { type: "text", text: item.text } }),
      ];
    case "audio":
      return [
        emit({ type: "response.output_audio.done", ...at }),
        emit({ type: "response.output_audio_transcript.done", ...at, transcript: item.text }),
        emit({ type: "response.content_part.done", ...at, part: { type: "audio", transcript: item.text } }),
      ];
    case "call":
      return [
        emit({
          type: "response.function_call_arguments.done",
          response_id: at.response_id,
          item_id: at.item_id,
          output_index: at.output_index,
          call_id: item.call?.callId ?? "",
          name: item.call?.name ?? "",
          arguments: item.text,
        }),
      ];
    case "mcp":
      return [
        emit({
          type: "response.mcp_call_arguments.done",
          response_id: at.response_id,
          item_id: at.item_id,
          output_index: at.output_index,
          arguments: item.text,
        }),
      ];
    case "approval":
      return [];
    default:
      return item.kind satisfies never;
  }
}

function closeItems(state: ResponseState, kind: OutputItem["kind"] | "any", status: Ending): ResponseStep {
  return state.items
    .filter((item) => item.open && (kind === "any" || item.kind === kind))
    .reduce<ResponseStep>((step, item) => chain(step, (next) => closeItem(next, item, status)), { state, effects: [] });
}

// ---------------------------------------------------------------- the end

interface Outcome {
  readonly status: "completed" | "incomplete" | "cancelled" | "failed";
  readonly details?: ResponseStatusDetails;
  readonly usage: ResponseUsage;
}

function finish(state: ResponseState, reason: FinishReason, usage: ResponseUsage): ResponseStep {
  switch (reason) {
    case "stop":
    case "tool_calls":
      return end(state, { status: "completed", usage });
    case "length":
      return end(state, { status: "incomplete", details: { type: "incomplete", reason: "max_output_tokens" }, usage });
    case "content_filter":
      return end(state, { status: "incomplete", details: { type: "incomplete", reason: "content_filter" }, usage });
    default:
      return reason satisfies never;
  }
}

function end(state: ResponseState, outcome: Outcome): ResponseStep {
  const closed = closeItems(state, "any", outcome.status === "completed" ? "completed" : "incomplete");
  return chain(closed, (next) => ({
    state: { ...next, phase: "done" },
    effects: [emit({ type: "response.done", response: resource(next, outcome) })],
  }));
}

function resource(state: ResponseState, outcome?: Outcome): ResponseResource {
  return {
    object: "realtime.response",
    id: state.head.id,
    status: outcome?.status ?? "in_progress",
    status_details: outcome?.details ?? null,
    output: outputOf(state),
    conversation_id: state.head.conversationId,
    ...state.head.resource,
    usage: outcome?.usage ?? null,
  };
}

// ---------------------------------------------------------------- small things

function partOf(state: ResponseState, item: OutputItem) {
  return { response_id: state.head.id, item_id: item.id, output_index: item.index, content_index: 0 };
}

function replace(state: ResponseState, item: OutputItem): ResponseState {
  return { ...state, items: state.items.map((each) => (each.id === item.id ? item : each)) };
}

function emit(event: ServerEventBody): ResponseEffect {
  return { type: "emit", event };
}

function chain(first: ResponseStep, then: (state: ResponseState) => ResponseStep): ResponseStep {
  const second = then(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
