/** Calls that this page answers, by itself, by mock or by hand, and approvals; the model is asked to go on when a reply's calls are over. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { McpCallItem } from "../../../server/realtime/protocol/items";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { isTurnOf } from "./conversation-tools";
import type { ApprovalAnswer, ConversationState, McpTurn, ToolTurn } from "./conversation-types";

export interface ToolDeskParts {
  send(event: ClientEvent): void;
  conversation(): ConversationState;
  /** The answer that is given by itself; undefined: somebody at the page answers. */
  answerOf(call: Pick<ToolTurn, "name" | "arguments">): string | undefined;
}

type Call = ToolTurn | McpTurn;

export class ToolDesk {
  readonly #parts: ToolDeskParts;
  /** Responses after whose calls it is the page that asks the model to go on. */
  readonly #due = new Set<string>();
  /** Those for which it has asked, until a response is over. */
  readonly #asked = new Set<string>();

  constructor(parts: ToolDeskParts) {
    this.#parts = parts;
  }

  /** After the conversation has taken it. */
  received(event: ServerEvent): void {
    switch (event.type) {
      case "response.output_item.done":
        // A call that does not fit its schema is told to the model by the server; nobody carries it out.
        if (event.item.type === "function_call" && event.item.status === "completed") this.#called(event.item.call_id);
        return;
      case "conversation.item.done":
        if (event.item.type === "mcp_call") this.#mcpSettled(event.item);
        return this.#goOn();
      case "response.done":
        this.#asked.clear();
        return this.#goOn();
      case "error":
        // A reply had begun that did not see the results: the one after it does.
        if (event.error.code === "conversation_already_has_active_response") this.#askAgain();
        return;
      default:
        return;
    }
  }

  answer(callId: string, output: string): void {
    const call = this.#calls().find((each) => each.kind === "tool" && each.callId === callId);
    if (call?.kind !== "tool" || call.by !== "page" || call.status !== "waiting") return;
    this.#due.add(call.responseId);
    this.#parts.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: callId, output },
    });
    this.#goOn();
  }

  /** Whether a call may be made. */
  approve(requestId: string, { approve, reason }: ApprovalAnswer): void {
    const call = this.#calls().find((each) => each.kind === "mcp" && each.approval?.requestId === requestId);
    if (call?.kind !== "mcp" || call.status !== "asking" || call.approval?.answer !== undefined) return;
    this.#parts.send({
      type: "conversation.item.create",
      item: {
        type: "mcp_approval_response",
        approval_request_id: requestId,
        approve,
        ...(reason === "" ? {} : { reason }),
      },
    });
  }

  reset(): void {
    this.#due.clear();
    this.#asked.clear();
  }

  #called(callId: string): void {
    const call = this.#calls().find((each) => each.kind === "tool" && each.callId === callId);
    const answer = call?.kind === "tool" && call.by === "page" ? this.#parts.answerOf(call) : undefined;
    if (answer !== undefined) this.answer(callId, answer);
  }

  #mcpSettled(item: McpCallItem): void {
    const call = this.#calls().find((each) => each.kind === "mcp" && isTurnOf(each, item));
    if (call !== undefined && !isOpen(call)) this.#due.add(call.responseId);
  }

  #askAgain(): void {
    for (const responseId of this.#asked) this.#due.add(responseId);
    this.#asked.clear();
  }

  #goOn(): void {
    if (Object.keys(this.#parts.conversation().active).length > 0) return;
    const open = new Set(this.#calls().flatMap((call) => (isOpen(call) ? [call.responseId] : [])));
    const ready = [...this.#due].filter((responseId) => !open.has(responseId));
    if (ready.length === 0) return;
    for (const responseId of ready) {
      this.#due.delete(responseId);
      this.#asked.add(responseId);
    }
    this.#parts.send({ type: "response.create" });
  }

  /** Of this session: what stands above the last divider is forgotten. */
  #calls(): Call[] {
    const { turns } = this.#parts.conversation();
    const from = turns.findLastIndex(({ kind }) => kind === "divider");
    return turns.slice(from + 1).filter((turn) => turn.kind === "tool" || turn.kind === "mcp");
  }
}

function isOpen({ status }: Call): boolean {
  return status === "streaming" || status === "waiting" || status === "asking" || status === "running";
}
