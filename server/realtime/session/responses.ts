/** The responses of one session: at most one in the conversation, and some beside it. Starts, reports and stops them. */
import { wireFormat } from "../audio/formats";
import type { ResponseCreateParams } from "../protocol/client-events";
import { errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { SessionUsage } from "../usage-gate";
import { Asking, type AskingOptions } from "./asking";
import type { SessionContext } from "./context";
import { toResponseError } from "./failures";
import { ResponseKeeper } from "./keeping";
import type { LiveResponse } from "./live-response";
import { Heard } from "./heard";
import type { Playback } from "./playback";
import { prepareReply, type PreparedReply } from "./prepared-reply";
import { runReply, type Reported } from "./reply";
import { nextResponse, openCallOf, startResponse, type ResponseInput } from "./response";
import { settingsOf, type ResponseSettings } from "./settings";
import { toEntry, type Entry } from "./stored-items";
import type { ResponseParams } from "./stored-prompts";
import { requireTrackFormat } from "./support";
import { mcpFunctionName } from "../tools/mcp";
import type { SessionMcp } from "./session-mcp";
import type { ToolCalls } from "./tool-calls";
import type { Toolbox } from "./toolbox";
import type { Transcriber } from "./transcription";
import { aborted, pause } from "./waiting";

/** Beside the conversation's own; a client that asks for more waits for one to end. */
const MAX_OUT_OF_BAND = 16;
/** What a reply takes that has no end set: about half a minute of speech. */
const LIKELY_OUTPUT_TOKENS = 600;

export interface CreateOptions {
  readonly prepared?: PreparedReply | undefined;
  readonly resumes?: boolean;
  /** Said as they are, without a thought. */
  readonly words?: string;
}

export interface ResponsesOptions extends AskingOptions {
  readonly toolbox: Toolbox;
  readonly calls: ToolCalls;
  readonly mcp: SessionMcp;
  readonly playback: Playback;
  readonly usage: SessionUsage;
  /** Called whenever the conversation's response has ended. */
  readonly onIdle: () => void;
  readonly outputLeadMs: number;
}

export class Responses {
  private readonly live = new Map<string, LiveResponse>();
  private readonly heard: Heard;
  private readonly asking: Asking;
  private idleCallbacks: (() => void)[] = [];

  constructor(
    private readonly context: SessionContext,
    private readonly transcriber: Transcriber,
    private readonly options: ResponsesOptions,
  ) {
    this.heard = new Heard(context, options.playback);
    this.asking = new Asking(context, transcriber, options);
  }

  get active(): string | undefined {
    return this.activeResponse?.id;
  }

  /** Throws when it cannot be done. A prepared reply is used if it still fits, and dropped if not. */
  create(params: ResponseParams, { prepared, resumes = false, words }: CreateOptions = {}): void {
    const inConversation = params.conversation !== "none";
    if (inConversation && this.active !== undefined) throw errors.activeResponse(this.active);
    if (this.live.size > MAX_OUT_OF_BAND)
      throw errors.rateLimitExceeded(`At most ${MAX_OUT_OF_BAND} responses can run at once.`);
    const { conversation } = this.context;
    const ready = prepared?.fits() === true ? prepared : undefined;
    if (ready === undefined) prepared?.drop();
    const settings = ready?.settings ?? this.settings(params);
    const entries = params.input === undefined ? conversation.entries : this.resolveInput(params.input);
    const id = ready?.id ?? newId("resp");
    const started = startResponse({
      id,
      conversationId: inConversation ? conversation.id : null,
      resource: settings.resource,
    });
    const response: LiveResponse = {
      id,
      inConversation,
      params,
      words,
      settings,
      context: entries,
      apart: params.input !== undefined,
      given: undefined,
      lease: undefined,
      resumes,
      ready,
      abort: new AbortController(),
      state: started.state,
      keeper: new ResponseKeeper(this.context, this.options.playback, { id, inConversation, format: settings.format }),
      asked: false,
      begun: false,
    };
    this.live.set(id, response);
    response.abort.signal.addEventListener("abort", () => ready?.drop(), { once: true });
    response.keeper.perform(started.effects);
    this.context.stage("response-created", { responseId: id, ...(params.agent && { agent: params.agent }) });
    if (inConversation && words === undefined) this.options.calls.replyBegins();
    void this.run(response);
  }

  /** Begins a reply to words, or to their sound alone, that may turn out to be a whole turn. Undefined when this is not the moment. */
  prepare(turn: Entry, words: string | null): PreparedReply | undefined {
    if (this.active !== undefined || (words !== null && this.transcriber.busy)) return undefined;
    const entries = [...this.context.conversation.entries.map((entry) => this.transcriber.read(entry)), turn];
    try {
      const settings = this.settings({});
      return prepareReply(this.context, {
        settings,
        given: this.options.memory.look(entries, settings.request),
        words,
      });
    } catch (error) {
      // What is wrong is told when the response is really asked for.
      if (!(error instanceof ProtocolError)) this.context.fault(error);
      return undefined;
    }
  }

  /** Throws when there is nothing to cancel. */
  cancel(responseId: string | undefined): void {
    const response = responseId === undefined ? this.activeResponse : this.live.get(responseId);
    if (response === undefined) throw errors.noActiveResponse();
    this.stop(response, "client_cancelled");
  }

  /** Somebody speaks: ends the conversation's response, and notes what cannot have been heard any more. */
  interrupt(): { readonly cutShort: boolean } {
    const cutShort = this.options.playback.isAudible;
    const response = this.activeResponse;
    if (response !== undefined) this.stop(response, "turn_detected");
    else this.clearPlayback();
    return { cutShort };
  }

  /** Nothing more is heard of what was said so far. */
  clearPlayback(): void {
    this.heard.tell(this.heard.stop(this.active !== undefined));
  }

  /** Calls back once no response is running; at once if none is. */
  onceIdle(callback: () => void): void {
    if (this.live.size === 0) callback();
    else this.idleCallbacks.push(callback);
  }

  /** Drops everything without a word: nobody is listening any more. */
  close(): void {
    for (const response of this.live.values()) {
      response.abort.abort();
      this.settle(response, this.asking.usage(response).total_tokens);
    }
    this.live.clear();
    this.options.memory.close();
    this.settleIdle();
  }

  // ---------------------------------------------------------------- running

  private async run(response: LiveResponse): Promise<void> {
    const { signal } = response.abort;
    try {
      if (response.words === undefined) await this.transcribed(response);
      await this.listed(response);
      if (signal.aborted) return;
      if (!this.asking.isSaid(response)) response.given = this.asking.give(response);
      await this.reserve(response);
      if (signal.aborted) return this.settle(response, 0);
      await runReply({
        events: this.asking.events(response),
        format: response.settings.format,
        signal,
        room: () => this.room(response),
        report: (event) => this.context.post(() => this.reported(response, event)),
      });
    } catch (error) {
      if (signal.aborted) return;
      // A conversation that does not fit its model is nobody's fault here.
      if (!(error instanceof ProtocolError)) this.context.fault(error);
      this.context.post(() =>
        this.apply(response, { type: "fail", error: toResponseError(error), usage: this.asking.usage(response) }),
      );
    }
  }

  /** Waits for MCP servers that only this response names: in the session's own it does without. */
  private async listed(response: LiveResponse): Promise<void> {
    const tools = response.params.tools ?? [];
    if (!tools.some(({ type }) => type === "mcp") || !response.inConversation) return;
    await Promise.race([this.options.mcp.servers.ensure(tools), aborted(response.abort.signal)]);
    if (!response.abort.signal.aborted) response.settings = this.settings(response.params);
  }

  /** Rejects with a `ProtocolError` when there is no room. */
  private async reserve(response: LiveResponse): Promise<void> {
    const { max_output_tokens: most } = response.settings.resource;
    const output = typeof most === "number" ? most : LIKELY_OUTPUT_TOKENS;
    const likely = this.asking.weigh(response).input_tokens + output;
    response.lease = await this.options.usage.reserve(likely, response.params.agent);
  }

  private settle(response: LiveResponse, tokens: number): void {
    response.lease?.settle(tokens);
    response.lease = undefined;
  }

  /** No further ahead of the listener than the lead: what is made but never heard is made for nothing. */
  private async room(response: LiveResponse): Promise<void> {
    await this.context.room();
    if (!response.inConversation) return;
    const tooFarMs = this.options.playback.aheadMs - this.options.outputLeadMs;
    if (tooFarMs > 0) await pause(tooFarMs, response.abort.signal);
  }

  /** Waits for the words of what was said, where they are needed; fails if the last thing said has none. */
  private async transcribed(response: LiveResponse): Promise<void> {
    const { transcripts = "needed" } = this.context.engine;
    if (transcripts === "none") return;
    const words = Promise.all(response.context.map((entry) => this.transcriber.ensure(entry)));
    if (transcripts === "beside") return;
    await Promise.race([words, aborted(response.abort.signal)]);
    const said = response.context.findLast(({ item }) => item.type === "message" && item.role === "user");
    const failure = said === undefined ? undefined : this.transcriber.failureOf(said.item.id);
    if (failure === undefined) return;
    this.context.post(() => this.apply(response, { type: "fail", error: failure, usage: this.asking.usage(response) }));
    response.abort.abort();
  }

  private reported(response: LiveResponse, event: Reported): void {
    if (!response.begun && event.type !== "finish") {
      response.begun = true;
      this.context.stage("first-token", { responseId: response.id });
    }
    if (event.type === "finish") {
      this.apply(response, { type: "finish", reason: event.reason, usage: this.asking.usage(response, event.usage) });
    } else if (event.type === "tool-call") {
      const owner = response.settings.offer.ownerOf(event.name);
      const call = owner.by === "mcp" ? { ...event, name: owner.tool, server: owner.server } : event;
      this.apply(response, call);
    } else if (event.type === "tool-call-done") {
      this.closeCall(response, event.index);
    } else {
      this.apply(response, event);
    }
  }

  /** A call is complete: checked, told to the client, and then carried out if it is ours. */
  private closeCall(response: LiveResponse, index: number): void {
    const { calls } = this.options;
    const { id, params, inConversation } = response;
    const { offer } = response.settings;
    const { item, outputIndex } = openCallOf(response.state, index) ?? {};
    const isFunction = item?.type === "function_call" && inConversation;
    const correction = isFunction ? calls.correction(item, offer) : undefined;
    this.apply(response, { type: "tool-call-done", index, refused: correction !== undefined });
    if (isFunction) return calls.called({ id, params, offer }, item, correction);
    if (item?.type !== "mcp_call") return;
    const name = mcpFunctionName(item.server_label, item.name);
    const owner = offer.ownerOf(name);
    const problem = offer.problemOf({ ...item, name });
    const asks = owner.by === "mcp" && owner.approval && problem === undefined;
    const approvalId = asks ? newId("item") : undefined;
    if (approvalId !== undefined) this.apply(response, { type: "approval-request", id: approvalId, call: item });
    const onDone = calls.calledMcp({ id, params, offer }, item.id);
    this.options.mcp.calls.called({ item, outputIndex: outputIndex ?? 0, problem, onDone }, approvalId);
  }

  private stop(response: LiveResponse, reason: "turn_detected" | "client_cancelled"): void {
    // On a track what was said is heard until the client clears it, or somebody speaks.
    const stops = response.inConversation && !(this.options.playback.onTrack && reason === "client_cancelled");
    const cut = stops ? this.heard.stop(this.active !== undefined) : [];
    this.apply(response, { type: "cancel", reason, usage: this.asking.usage(response) });
    this.heard.tell(cut);
  }

  private apply(response: LiveResponse, input: ResponseInput): void {
    if (!this.live.has(response.id)) return;
    if (input.type === "fail" || (input.type === "cancel" && input.reason === "client_cancelled"))
      this.options.calls.forget(response.id);
    if ("usage" in input) this.settle(response, input.usage.total_tokens);
    const step = nextResponse(response.state, input, newId);
    response.state = step.state;
    response.keeper.perform(step.effects);
    if (step.state.phase === "done") this.finished(response);
  }

  private finished(response: LiveResponse): void {
    response.abort.abort();
    this.live.delete(response.id);
    this.context.emit({ type: "rate_limits.updated", rate_limits: [...this.options.usage.limits()] });
    this.context.stage("done", { responseId: response.id });
    for (const { item } of response.context) {
      // Words of items that only this response was given.
      if (this.context.conversation.get(item.id) === undefined) this.transcriber.forget(item.id);
    }
    if (response.inConversation) this.options.onIdle();
    if (this.live.size === 0) this.options.memory.replyEnded();
    this.settleIdle();
  }

  // ---------------------------------------------------------------- inside

  private get activeResponse(): LiveResponse | undefined {
    return [...this.live.values()].find((response) => response.inConversation);
  }

  private settings(params: ResponseCreateParams): ResponseSettings {
    const { conversation, engine } = this.context;
    const settings = settingsOf(params, {
      config: this.context.answering(),
      engine,
      toolbox: this.options.toolbox,
      mcp: this.options.mcp.options,
      voiceLocked: conversation.hasAssistantAudio,
    });
    if (this.options.playback.onTrack)
      requireTrackFormat(settings.resource.audio.output.format, "response.audio.output.format");
    return settings;
  }

  private resolveInput(input: NonNullable<ResponseCreateParams["input"]>): Entry[] {
    const format = wireFormat(this.context.config().audio.input.format);
    return input.map((item, index) => {
      const at = `response.input[${index}]`;
      if (item.type !== "item_reference") return toEntry(item, format, at);
      const entry = this.context.conversation.get(item.id);
      if (entry === undefined) throw errors.referenceNotFound(item.id, `${at}.id`);
      return entry;
    });
  }

  private settleIdle(): void {
    if (this.live.size > 0) return;
    const callbacks = this.idleCallbacks;
    this.idleCallbacks = [];
    for (const callback of callbacks) callback();
  }
}
