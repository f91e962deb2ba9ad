/** What a response asks of the engine: what of its context the model is given, the reply that comes, what it takes. */
import { guardReply, type Guardrail } from "../engine/guardrails";
import type { ReplyEvent, TokenUsage } from "../engine/types";
import type { ResponseUsage } from "../protocol/responses";
import type { SessionContext } from "./context";
import type { Given } from "./context-window";
import { instructionsOf, transcriptOf, type LiveResponse } from "./live-response";
import type { ConversationMemory } from "./memory";
import { outputOf } from "./response";
import type { Transcriber } from "./transcription";
import { totalOf, usageOf } from "./usage";

export interface AskingOptions {
  readonly guardrails: readonly Guardrail[];
  readonly tenant: string | undefined;
  readonly memory: ConversationMemory;
}

export class Asking {
  constructor(
    private readonly context: SessionContext,
    private readonly transcriber: Transcriber,
    private readonly options: AskingOptions,
  ) {}

  /** Its words are there already: no model is asked. */
  isSaid({ words }: LiveResponse): boolean {
    return words !== undefined && this.context.engine.speak !== undefined;
  }

  /** What of its context the model is given. Throws when it does not fit. */
  give({ context, settings, apart }: LiveResponse): Given {
    const entries = context.map((entry) => this.transcriber.read(entry));
    const { memory } = this.options;
    return apart ? memory.giveApart(entries, settings.request) : memory.give(entries, settings.request);
  }

  /** The reply as it comes. */
  events(response: LiveResponse): AsyncIterable<ReplyEvent> {
    const { words: text, settings, abort } = response;
    const { speak } = this.context.engine;
    response.asked = true;
    if (text !== undefined && speak !== undefined) return speak({ ...settings.request, text, signal: abort.signal });
    return this.judged(response, this.readyEvents(response) ?? this.ask(response));
  }

  /** What it took: nothing, before anybody was asked. */
  usage(response: LiveResponse, provider?: TokenUsage): ResponseUsage {
    return response.asked ? this.weigh(response, provider) : totalOf({});
  }

  /** What it takes, as far as it is known. */
  weigh(response: LiveResponse, provider?: TokenUsage): ResponseUsage {
    const isSaid = this.isSaid(response);
    const { instructions, tools } = response.settings.request;
    return usageOf({
      instructions: isSaid ? "" : instructions,
      tools: isSaid ? [] : tools,
      context: isSaid ? [] : (response.given?.entries ?? response.context),
      output: outputOf(response.state),
      outputAudioMs: response.keeper.audioMs,
      provider,
    });
  }

  private judged(response: LiveResponse, events: AsyncIterable<ReplyEvent>): AsyncIterable<ReplyEvent> {
    const { guardrails, tenant } = this.options;
    if (guardrails.length === 0) return events;
    const { id: responseId, settings, abort } = response;
    const { speak } = this.context.engine;
    return guardReply(events, {
      guardrails,
      about: { sessionId: this.context.sessionId, responseId, tenant },
      signal: abort.signal,
      speak: speak && ((text) => speak({ ...settings.request, text, signal: abort.signal })),
      report: (report) => this.context.post(() => this.context.guarded({ ...report, responseId })),
    });
  }

  /** What was begun ahead of time, if it answers what was really said. */
  private readyEvents({ ready, context }: LiveResponse): AsyncIterable<ReplyEvent> | undefined {
    const turn = context.at(-1);
    if (ready === undefined || turn === undefined) return undefined;
    if (ready.words === null) return ready.events;
    if (transcriptOf(this.transcriber.read(turn)) !== ready.words) {
      ready.drop();
      return undefined;
    }
    return ready.events;
  }

  private ask(response: LiveResponse): AsyncIterable<ReplyEvent> {
    const { engine, sessionId } = this.context;
    const { entries, items } = response.given ?? this.give(response);
    const { signal } = response.abort;
    const { request } = response.settings;
    return engine.respond({
      ...request,
      instructions: instructionsOf(response, entries),
      sessionId,
      responseId: response.id,
      items,
      signal,
    });
  }
}
