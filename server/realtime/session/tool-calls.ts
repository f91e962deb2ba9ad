/**
 * The calls of a session's responses: runs those that the server answers, and lets the model go on once all calls of a
 * response are answered. Calls that are a client's to answer are waited for, but nothing else waits for them.
 */
import type { ToolCallReport } from "../observers/types";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { FunctionCallItem } from "../protocol/items";
import { failed, runTool } from "../tools/run-tool";
import type { ServerTool, ToolFiller } from "../tools/types";
import { announceItem } from "./announce";
import type { SessionContext } from "./context";
import type { ResponseParams } from "./stored-prompts";
import { argumentsOf, type ToolOffer } from "./toolbox";

export interface ToolCallOptions {
  /** Replies that follow from server-run tools before the model must answer without: a loop ends there. Default: 8. */
  readonly maxRounds?: number;
  /** Characters of one result; a longer one becomes an error for the model. Default: 100,000. */
  readonly maxOutput?: number;
}

export interface ToolCallHooks {
  readonly tenant: string | undefined;
  /** The model goes on by itself after an MCP call. */
  readonly goOnAfterMcp: boolean;
  /** Goes on with a reply. */
  respond(params: ResponseParams): void;
  /** Says something meanwhile. */
  say(text: string, params: ResponseParams): void;
  /** Nobody speaks, and no reply is under way. */
  isQuiet(): boolean;
}

/** The response that a call belongs to. */
export interface CallingResponse {
  readonly id: string;
  readonly params: ResponseParams;
  readonly offer: ToolOffer;
}

interface Call {
  readonly by: "server" | "client" | "mcp";
  readonly abort: AbortController;
  readonly onInterrupt: ServerTool["onInterrupt"];
  /** Set while a tool of this server runs. */
  running?: FunctionCallItem | undefined;
  answered: boolean;
  /** A reply was begun since it was answered. */
  seen: boolean;
}

interface Round {
  readonly params: ResponseParams;
  readonly calls: Map<string, Call>;
  /** Items that a reply with an input of its own would not find in it. */
  readonly itemIds: string[];
  filler: NodeJS.Timeout | undefined;
}

const MAX_ROUNDS = 8;
const FILLER_AFTER_MS = 1_500;

export class ToolCalls {
  private readonly rounds = new Map<string, Round>();
  /** Replies since anybody but a tool asked for one. */
  private depth = 0;
  /** Tools whose arguments were wrong since then. */
  private readonly corrected = new Set<string>();
  private mustAnswer = false;
  private going = false;

  constructor(
    private readonly context: SessionContext,
    private readonly hooks: ToolCallHooks,
    private readonly options: ToolCallOptions = {},
  ) {}

  /** What is wrong with a call and will be told to the model, who may try again. */
  correction(call: FunctionCallItem, offer: ToolOffer): string | undefined {
    return this.corrected.has(call.name) ? undefined : offer.problemOf(call);
  }

  /** A call is complete. `correction` is what is wrong with it, if the model is to be told. */
  called(response: CallingResponse, item: FunctionCallItem, correction: string | undefined): void {
    const owner = response.offer.ownerOf(item.name);
    const tool = owner.by === "server" ? owner.tool : undefined;
    const round = this.roundOf(response);
    const call: Call = {
      by: tool === undefined && correction === undefined ? "client" : "server",
      abort: new AbortController(),
      onInterrupt: tool?.onInterrupt ?? "finish",
      answered: false,
      seen: false,
    };
    round.calls.set(item.call_id, call);
    round.itemIds.push(item.id);
    if (correction !== undefined) {
      this.corrected.add(item.name);
      this.tell(item, { by: tool === undefined ? "client" : "server", outcome: "arguments" });
      return this.answer(round, item.call_id, failed(correction, "arguments").output);
    }
    if (tool !== undefined) this.start({ round, call, item, tool, problem: response.offer.problemOf(item) });
  }

  /** An MCP call is complete. Returns what to call once it is over. */
  calledMcp(response: CallingResponse, itemId: string): () => void {
    const round = this.roundOf(response);
    const by = this.hooks.goOnAfterMcp ? "server" : "mcp";
    const call: Call = { by, abort: new AbortController(), onInterrupt: "finish", answered: false, seen: false };
    round.calls.set(itemId, call);
    round.itemIds.push(itemId);
    return () => {
      call.answered = true;
      this.goOn();
    };
  }

  /** The client answered a call. */
  answered(callId: string): void {
    for (const { calls } of this.rounds.values()) {
      const call = calls.get(callId);
      if (call !== undefined) call.answered = true;
    }
  }

  /** A reply of the conversation begins, and sees what has been answered. */
  replyBegins(): void {
    if (!this.going) {
      this.depth = 0;
      this.mustAnswer = false;
      this.corrected.clear();
    }
    for (const [id, round] of this.rounds) {
      clearTimeout(round.filler);
      for (const call of round.calls.values()) call.seen = call.answered;
      if (![...round.calls.values()].some((call) => call.by !== "client" && !call.answered)) this.rounds.delete(id);
    }
  }

  /** The client wants nothing more of this response, or it failed: its calls are carried out, but nothing follows. */
  forget(responseId: string): void {
    const round = this.rounds.get(responseId);
    clearTimeout(round?.filler);
    this.rounds.delete(responseId);
  }

  /** Somebody spoke over the reply. */
  interrupted(): void {
    for (const { calls } of this.rounds.values()) {
      for (const call of calls.values()) if (call.onInterrupt === "cancel") call.abort.abort();
    }
  }

  /** Goes on if it is time: after each answer, each reply and each turn that asks for no reply. */
  goOn(): void {
    if (!this.hooks.isQuiet()) return;
    const [id, round] = [...this.rounds].find(([, each]) => isDue(each)) ?? [];
    if (id === undefined || round === undefined) return;
    // Whatever comes of it: a reply that cannot be made is not tried for ever.
    this.rounds.delete(id);
    this.depth += 1;
    this.going = true;
    const params = this.nextParams(round);
    this.context.attempt(() => this.hooks.respond(params));
    this.going = false;
  }

  close(): void {
    for (const round of this.rounds.values()) {
      clearTimeout(round.filler);
      for (const { abort, running } of round.calls.values()) {
        abort.abort();
        if (running !== undefined) this.tell(running, { by: "server", outcome: "cancelled" });
      }
    }
    this.rounds.clear();
  }

  // ---------------------------------------------------------------- inside

  private roundOf({ id, params }: CallingResponse): Round {
    const round = this.rounds.get(id) ?? { params, calls: new Map(), itemIds: [], filler: undefined };
    this.rounds.set(id, round);
    return round;
  }

  private start({
    round,
    call,
    item,
    tool,
    problem,
  }: {
    readonly round: Round;
    readonly call: Call;
    readonly item: FunctionCallItem;
    readonly tool: ServerTool;
    readonly problem: string | undefined;
  }): void {
    if (problem !== undefined) {
      this.mustAnswer = true;
      const error = errors.invalidToolArguments(item.name, problem).toBody(null);
      this.context.emit({ type: "error", error });
      this.tell(item, { by: "server", outcome: "arguments" });
      return this.answer(round, item.call_id, failed(problem, "arguments").output);
    }
    if (tool.filler !== undefined) this.fill(round, tool.filler);
    const context = { sessionId: this.context.sessionId, callId: item.call_id, tenant: this.hooks.tenant };
    const run = { tool, args: argumentsOf(item.arguments), context, signal: call.abort.signal };
    const { maxOutput } = this.options;
    const startedAt = performance.now();
    call.running = item;
    void runTool({ ...run, ...(maxOutput !== undefined && { maxOutput }) }).then((outcome) => {
      if (outcome.error !== undefined) this.context.fault(outcome.error);
      const ranMs = performance.now() - startedAt;
      this.context.post(() => {
        call.running = undefined;
        this.tell(item, { by: "server", outcome: outcome.reason ?? "ok", ranMs });
        this.answer(round, item.call_id, outcome.output);
      });
    });
  }

  private tell({ call_id: callId, name }: FunctionCallItem, report: Omit<ToolCallReport, "callId" | "name">): void {
    this.context.called({ callId, name, ...report });
  }

  private fill(round: Round, { text, afterMs = FILLER_AFTER_MS }: ToolFiller): void {
    if (round.filler !== undefined || this.context.engine.speak === undefined) return;
    round.filler = setTimeout(
      () =>
        this.context.post(() => {
          const waiting = [...round.calls.values()].some((call) => !call.answered);
          if (waiting && this.hooks.isQuiet()) this.context.attempt(() => this.hooks.say(text, round.params));
        }),
      afterMs,
    );
  }

  private answer(round: Round, callId: string, output: string): void {
    const { conversation } = this.context;
    const call = round.calls.get(callId);
    // The client may have deleted the call meanwhile, or answered it itself.
    if (call === undefined || call.answered || !conversation.hasCall(callId)) return;
    call.answered = true;
    const id = newId("item");
    const item = { id, object: "realtime.item", type: "function_call_output", status: "completed" } as const;
    const entry = { item: { ...item, call_id: callId, output }, clips: new Map(), spoken: [] };
    announceItem(this.context, entry.item, conversation.append(entry));
    round.itemIds.push(id);
    this.goOn();
  }

  /** As before, except that a tool which was forced once is not forced again, and a loop comes to an end. */
  private nextParams({ params, itemIds }: Round): ResponseParams {
    const { input, metadata: _too, ...rest } = params;
    const choice = params.tool_choice ?? this.context.answering().tool_choice;
    const last = this.mustAnswer || this.depth >= (this.options.maxRounds ?? MAX_ROUNDS);
    return {
      ...rest,
      ...(input !== undefined && {
        input: [...input, ...itemIds.map((id) => ({ type: "item_reference" as const, id }))],
      }),
      ...((last || choice === "none") && { tool_choice: "none" as const }),
      ...(!last && choice !== "none" && choice !== "auto" && { tool_choice: "auto" as const }),
    };
  }
}

/** All is answered, something of it by the server and unseen; what the client answered, it will go on with itself. */
function isDue({ calls }: Round): boolean {
  const all = [...calls.values()];
  const open = all.filter((call) => !call.answered);
  const unseen = all.filter((call) => call.answered && !call.seen);
  return (
    open.length === 0 && unseen.some((call) => call.by === "server") && unseen.every((call) => call.by === "server")
  );
}
