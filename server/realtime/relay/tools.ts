/**
 * Tools of this server in a session that another server holds. They are offered there beside the client's own, hidden
 * from the client, carried out here, and the model is asked to go on once all calls of a response are answered.
 */
import type { ToolCallReport } from "../observers/types";
import type { ClientEvent, ResponseCreateParams } from "../protocol/client-events";
import { newId } from "../protocol/ids";
import type { FunctionCallItem } from "../protocol/items";
import type { ServerEvent, ServerEventOf } from "../protocol/server-events";
import type { RealtimeConfigInput, SessionConfigInput } from "../protocol/session-config";
import { requireFreeNames } from "../session/tool-rules";
import type { ActingOptions } from "../session/types";
import { failed, runTool, type ToolOutcome } from "../tools/run-tool";
import type { ServerTool } from "../tools/types";

type Tools = NonNullable<RealtimeConfigInput["tools"]>;
type ToolChoice = NonNullable<ResponseCreateParams["tool_choice"]>;

export interface RelayToolsOptions extends NonNullable<ActingOptions["toolCalls"]> {
  readonly tools: readonly ServerTool[];
  readonly sessionId: string;
  readonly tenant: string | undefined;
  /** As the session is configured now. */
  toolChoice(): ToolChoice;
  /** To the other server. */
  send(event: Readonly<Record<string, unknown>>): void;
  onFault(error: unknown): void;
  /** A call that was this server's is done with. */
  onCall(report: ToolCallReport): void;
}

interface Call {
  readonly item: FunctionCallItem;
  readonly abort: AbortController;
  readonly onInterrupt: ServerTool["onInterrupt"];
}

/** The calls of one response. */
interface Round {
  readonly params: ResponseCreateParams;
  running: number;
  /** Some of its calls are the client's, who will go on itself. */
  shared: boolean;
  answered: number;
  ended: boolean;
}

const MAX_ROUNDS = 8;
/** At a time; more is a model gone astray. */
const MAX_RUNNING = 32;

export class RelayTools {
  private readonly own: ReadonlyMap<string, ServerTool>;
  private clients: Tools;
  private readonly rounds = new Map<string, Round>();
  /** Responses that run, and what was asked of them. */
  private readonly live = new Map<string, ResponseCreateParams>();
  private readonly calls = new Set<Call>();
  /** Ids of events of ours: what the other server says of them is not the client's to know. */
  private readonly ours = new Set<string>();
  /** What the next response was asked for with. */
  private asked: ResponseCreateParams = {};
  private going = false;
  private closed = false;
  /** Replies since anybody but a tool asked for one. */
  private depth = 0;

  constructor(
    private readonly options: RelayToolsOptions,
    config: SessionConfigInput | undefined,
  ) {
    this.own = new Map(options.tools.map((tool) => [tool.name, tool]));
    this.clients = (config?.type === "realtime" && config.tools) || [];
  }

  /** What the session begins with. */
  get offer(): Tools {
    return [...this.clients, ...[...this.own.values()].map(toConfig)];
  }

  /** The client's event as the other server is to have it. Undefined: as it came. @throws ProtocolError for a name that is taken. */
  offered(event: ClientEvent): ClientEvent | undefined {
    if (event.type === "session.update" && event.session.type === "realtime" && event.session.tools !== undefined) {
      requireFreeNames(event.session.tools, { taken: this.names, where: "session" });
      this.clients = event.session.tools;
      return { ...event, session: { ...event.session, tools: this.offer } };
    }
    if (event.type !== "response.create") return undefined;
    const params = event.response ?? {};
    const { conversation, tools } = params;
    if (tools !== undefined) requireFreeNames(tools, { taken: this.names, where: "response" });
    // Elsewhere nobody would see the results.
    if (conversation === "none")
      return tools === undefined ? { ...event, response: { ...event.response, tools: this.clients } } : undefined;
    this.asked = params;
    return tools === undefined ? undefined : { ...event, response: this.withOwn(params) };
  }

  /** What the client is told of an event: the event itself, another, or nothing. */
  told(event: ServerEvent): ServerEvent | undefined {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        return { ...event, session: this.withoutOwn(event.session) };
      case "error":
        this.asked = {};
        if (event.error.event_id === null || !this.ours.delete(event.error.event_id)) return event;
        this.options.onFault(new Error(`The other server refused what a tool led to: ${event.error.message}`));
        return undefined;
      default:
        return event;
    }
  }

  /** Call with every event, after the client was told. */
  saw(event: ServerEvent): void {
    switch (event.type) {
      case "response.created":
        return this.began(event.response.id);
      case "response.output_item.done":
        if (event.item.type === "function_call" && event.item.status === "completed")
          this.called(event.response_id, event.item);
        return;
      case "response.done":
        return this.ended(event.response);
      case "input_audio_buffer.speech_started":
        for (const call of this.calls) if (call.onInterrupt === "cancel") call.abort.abort();
        return;
      default:
        return;
    }
  }

  close(): void {
    this.closed = true;
    for (const { abort, item } of this.calls) {
      abort.abort();
      this.options.onCall({ callId: item.call_id, name: item.name, by: "server", outcome: "cancelled" });
    }
    this.rounds.clear();
  }

  // ---------------------------------------------------------------- inside

  private get names(): ReadonlySet<string> {
    return new Set(this.own.keys());
  }

  private withoutOwn<Session extends ServerEventOf<"session.created">["session"]>(session: Session): Session {
    if (!("tools" in session) || !Array.isArray(session.tools)) return session;
    const tools = session.tools.filter((tool) => tool.type !== "function" || !this.own.has(tool.name ?? ""));
    return { ...session, tools };
  }

  private withOwn(params: ResponseCreateParams): ResponseCreateParams {
    const { tools } = params;
    return tools === undefined ? params : { ...params, tools: [...tools, ...[...this.own.values()].map(toConfig)] };
  }

  private began(id: string): void {
    this.live.set(id, this.asked);
    this.asked = {};
    if (!this.going) this.depth = 0;
    this.going = false;
    // It sees what was answered before: nobody else need go on with that.
    for (const [other, round] of this.rounds) if (round.running === 0 && round.ended) this.rounds.delete(other);
  }

  private ended({ id, status }: ServerEventOf<"response.done">["response"]): void {
    this.live.delete(id);
    const round = this.rounds.get(id);
    if (round !== undefined) round.ended = true;
    // Cancelled or failed: its calls are carried out, but nothing follows.
    if (status !== "completed") this.rounds.delete(id);
    this.goOn();
  }

  private called(responseId: string, item: FunctionCallItem): void {
    const tool = this.own.get(item.name);
    const params = this.live.get(responseId) ?? {};
    const round = this.rounds.get(responseId) ?? { params, running: 0, shared: false, answered: 0, ended: false };
    this.rounds.set(responseId, round);
    if (tool === undefined) round.shared = true;
    else void this.run(round, item, tool);
  }

  private async run(round: Round, item: FunctionCallItem, tool: ServerTool): Promise<void> {
    const call = { item, abort: new AbortController(), onInterrupt: tool.onInterrupt };
    round.running += 1;
    this.calls.add(call);
    const { output } = await this.outcomeOf(item, tool, call.abort.signal);
    round.running -= 1;
    this.calls.delete(call);
    round.answered += 1;
    if (this.closed) return;
    const type = "function_call_output";
    this.say({ type: "conversation.item.create", item: { type, call_id: item.call_id, output } });
    this.goOn();
  }

  private async outcomeOf(item: FunctionCallItem, tool: ServerTool, signal: AbortSignal): Promise<ToolOutcome> {
    const { call_id: callId, name } = item;
    const startedAt = performance.now();
    const refused = this.refusalOf(item, tool);
    const outcome = refused ?? (await this.outcomeOfRun(item, tool, signal));
    const ranMs = refused === undefined ? { ranMs: performance.now() - startedAt } : {};
    if (!this.closed) this.options.onCall({ callId, name, by: "server", outcome: outcome.reason ?? "ok", ...ranMs });
    return outcome;
  }

  private refusalOf(item: FunctionCallItem, tool: ServerTool): ToolOutcome | undefined {
    if (this.calls.size > MAX_RUNNING) return failed("Too many tools are running at once.", "cancelled");
    const args = parsed(item.arguments);
    const problem = args === undefined ? "The arguments are not JSON." : tool.check(args.value);
    return problem === undefined ? undefined : failed(problem, "arguments");
  }

  private async outcomeOfRun(item: FunctionCallItem, tool: ServerTool, signal: AbortSignal): Promise<ToolOutcome> {
    const { sessionId, tenant, maxOutput } = this.options;
    const context = { sessionId, callId: item.call_id, tenant };
    const run = { tool, args: parsed(item.arguments)?.value, context, signal };
    const outcome = await runTool({ ...run, ...(maxOutput !== undefined && { maxOutput }) });
    if (outcome.error !== undefined) this.options.onFault(outcome.error);
    return outcome;
  }

  /** Once no reply is under way and all calls of one are answered, all of them here. */
  private goOn(): void {
    if (this.live.size > 0 || this.going) return;
    const due = [...this.rounds].find(([, round]) => round.ended && round.running === 0 && round.answered > 0);
    if (due === undefined) return;
    const [id, { shared, params }] = due;
    this.rounds.delete(id);
    if (shared) return this.goOn();
    this.going = true;
    this.depth += 1;
    this.asked = this.next(params);
    this.say({ type: "response.create", response: this.withOwn(this.asked) });
  }

  /** As before, except that a tool which was forced once is not forced again, and a loop comes to an end. */
  private next({
    input: _input,
    prompt: _prompt,
    metadata: _once,
    ...rest
  }: ResponseCreateParams): ResponseCreateParams {
    const choice = rest.tool_choice ?? this.options.toolChoice();
    if (this.depth >= (this.options.maxRounds ?? MAX_ROUNDS)) return { ...rest, tool_choice: "none" };
    return choice === "none" || choice === "auto" ? rest : { ...rest, tool_choice: "auto" };
  }

  private say(event: Readonly<Record<string, unknown>>): void {
    const id = newId("event");
    this.ours.add(id);
    // Most are never heard of again.
    if (this.ours.size > MAX_RUNNING) this.ours.delete([...this.ours][0] ?? "");
    this.options.send({ ...event, event_id: id });
  }
}

function toConfig({ name, description, parameters }: ServerTool): Tools[number] {
  return { type: "function", name, description, parameters: parameters && { ...parameters } };
}

function parsed(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: json.trim() === "" ? {} : JSON.parse(json) };
  } catch {
    return undefined;
  }
}
