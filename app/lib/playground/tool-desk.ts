/** Calls of functions and their answers, by mock or by hand; the model goes on once all calls of a response are answered. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ConversationState, ToolTurn } from "./conversation-types";

export interface ToolDeskParts {
  send(event: ClientEvent): void;
  conversation(): ConversationState;
  /** The answer that is given by itself; undefined: somebody at the page answers. */
  mockOf(name: string): string | undefined;
}

export class ToolDesk {
  readonly #parts: ToolDeskParts;
  /** Whether an answered call still waits for the model to go on. */
  #due = false;

  constructor(parts: ToolDeskParts) {
    this.#parts = parts;
  }

  /** The arguments of a call are complete. */
  called(callId: string): void {
    const call = this.#calls().find((each) => each.callId === callId);
    const mock = call === undefined ? undefined : this.#parts.mockOf(call.name);
    if (mock !== undefined) this.answer(callId, mock);
  }

  answer(callId: string, output: string): void {
    const call = this.#calls().find((each) => each.callId === callId);
    if (call === undefined || call.output !== undefined) return;
    this.#parts.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: callId, output },
    });
    this.#due = true;
    this.#goOn();
  }

  /** A response ended: one that was asked for by an answer could not start before. */
  responseDone(): void {
    this.#goOn();
  }

  reset(): void {
    this.#due = false;
  }

  #goOn(): void {
    const { active } = this.#parts.conversation();
    const waiting = this.#calls().some(({ output }) => output === undefined);
    if (!this.#due || waiting || Object.keys(active).length > 0) return;
    this.#due = false;
    this.#parts.send({ type: "response.create" });
  }

  /** Of this session: what stands above the last divider is forgotten. */
  #calls(): ToolTurn[] {
    const { turns } = this.#parts.conversation();
    const from = turns.findLastIndex(({ kind }) => kind === "divider");
    return turns.slice(from + 1).filter((turn) => turn.kind === "tool");
  }
}
