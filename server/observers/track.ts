/** One session as the recorder sees it: turns what is observed into operations. Cheap: it runs between frames of audio. */
import type { AgentInfo, SessionInfo, SessionObservation } from "../realtime/observers/types";
import type { Item } from "../realtime/protocol/items";
import type { ResponseResource, ResponseUsage } from "../realtime/protocol/responses";
import type { ServerEvent } from "../realtime/protocol/server-events";
import { cleanJson, cleanText, shorten } from "./clean";
import { CallLedger } from "./call-ledger";
import { EventLog } from "./event-log";
import type { NewItem, NewResponse, Operation } from "./rows";
import { SpeechTimes } from "./speech-times";
import { transcriptOf } from "./transcript";

type OperationBody = Operation extends infer O ? (O extends Operation ? Omit<O, "org" | "session"> : never) : never;

type Stage = Extract<SessionObservation, { type: "stage" }>;

export interface TrackOptions {
  readonly info: SessionInfo;
  emit(operation: Operation): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

const PREVIEW = 200;

export class Track {
  private readonly events: EventLog;
  private readonly speech = new SpeechTimes();
  private readonly calls: CallLedger;
  private readonly items = new Map<string, NewItem>();
  private readonly responses = new Map<string, NewResponse>();
  /** Of live responses that name an agent themselves. */
  private readonly ownAgents = new Map<string, string>();
  /** Items, or responses that have none, that were cut short while they were said. */
  private readonly cut = new Set<string>();
  private readonly heard: number[] = [];
  private readonly sums = {
    items: 0,
    responses: 0,
    interruptions: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
  private speechStopped: number | undefined;
  private transcribed: number | undefined;
  private preview: string | undefined;
  private changed = false;
  private agent: Partial<AgentInfo>;
  private agentSince = 0;
  /** Milliseconds under each agent; the empty name stands for none. */
  private readonly spans = new Map<string, number>();

  constructor(private readonly options: TrackOptions) {
    const { sessionId, tenant, agentId, agentVersion } = options.info;
    this.agent = {
      ...(agentId !== undefined && { agentId }),
      ...(agentVersion !== undefined && { agentVersion }),
    };
    this.events = new EventLog((row) =>
      this.emit({ type: "event", row: { sessionId, orgId: tenant, ...row, payload: cleanJson(row.payload) } }),
    );
    this.calls = new CallLedger(
      (row) => this.emit({ type: "tool-call", row: { sessionId, orgId: tenant, ...row } }),
      options.now,
    );
  }

  observe(observation: SessionObservation): void {
    const cut = this.speech.observe(observation);
    this.note(observation);
    for (const id of cut) this.itemChanged(id, { saidFromMs: null, saidToMs: null });
  }

  private note(observation: SessionObservation): void {
    switch (observation.type) {
      case "started":
        return this.started();
      case "client-event":
        this.calls.clientEvent(observation.event, observation.at);
        return this.events.add({ direction: "in", atMs: observation.at, event: observation.event });
      case "server-event":
        this.events.add({ direction: "out", atMs: observation.at, event: observation.event });
        this.calls.serverEvent(observation.event, observation.at);
        return this.serverEvent(observation.event, observation.at);
      case "stage":
        return this.stage(observation);
      case "tool-call":
        return this.calls.reported(observation);
      case "speculation":
        if (observation.outcome === "dropped" && observation.usage) this.spend(observation.usage, {});
        return;
      case "usage":
        return this.spend(observation.usage, {});
      case "agent":
        return this.becomes(observation.agent, observation.at);
      case "guardrail": {
        const { at: atMs, ...event } = observation;
        return this.events.add({ direction: "note", atMs, event });
      }
      case "input-audio":
      case "output-audio":
        return;
      case "ended":
        return this.ended(observation);
      default:
        return observation satisfies never;
    }
  }

  /** Writes down what has gathered: sums, and texts that come in pieces. */
  flush(): void {
    this.events.flush();
    if (!this.changed) return;
    this.changed = false;
    this.emit({ type: "change", set: { ...this.sums, ...this.derived() } });
  }

  private started(): void {
    const { info } = this.options;
    const startedAt = new Date(info.startedAt).toISOString();
    this.emit({
      type: "session",
      conversationId: info.conversationId,
      row: {
        id: info.sessionId,
        orgId: info.tenant,
        keyId: info.keyId ?? null,
        ...this.agentColumns(),
        model: info.model,
        transport: info.transport,
        callId: info.callId ?? null,
        kind: info.kind,
        status: "live",
        startedAt,
        seenAt: startedAt,
      },
    });
    this.use({ sessions: 1 });
    this.emit({ type: "webhook", message: { type: "session.started", data: this.facts() } });
  }

  /** A session counts for the agent that it last ran under; what it uses, for the one that used it. */
  private becomes(agent: AgentInfo | undefined, at: number): void {
    const day = new Date(this.options.info.startedAt).toISOString().slice(0, 10);
    this.endSpan(at);
    this.use({ sessions: -1 }, day);
    this.agent = agent ?? {};
    this.use({ sessions: 1 }, day);
    this.emit({ type: "change", set: this.agentColumns() });
  }

  private endSpan(at: number): void {
    const { agentId = "" } = this.agent;
    this.spans.set(agentId, (this.spans.get(agentId) ?? 0) + at - this.agentSince);
    this.agentSince = at;
  }

  private agentColumns() {
    const { agentId = null, agentVersion } = this.agent;
    const version = Number(agentVersion ?? NaN);
    return { agentId, agentVersion: Number.isSafeInteger(version) ? version : null };
  }

  private serverEvent(event: ServerEvent, at: number): void {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        return this.emit({ type: "change", set: { config: cleanJson(event.session) } });
      case "conversation.item.added":
      case "conversation.item.created":
        return this.itemCame(event.item, event.previous_item_id, at);
      case "conversation.item.done":
        return this.itemChanged(event.item.id, { ...contentOf(event.item), doneMs: at });
      case "conversation.item.input_audio_transcription.completed":
        return this.heardWords(event.item_id, event.transcript);
      case "conversation.item.truncated":
        this.cutShort(event.item_id);
        return this.itemChanged(event.item_id, { interrupted: true, heardMs: event.audio_end_ms });
      case "conversation.item.deleted":
        return this.itemChanged(event.item_id, { deleted: true });
      case "response.created":
        return this.responseCreated(event.response, at);
      case "response.output_item.done":
        return this.itemChanged(event.item.id, { responseId: event.response_id, ...contentOf(event.item) });
      case "response.done":
        return this.responseDone(event.response, at);
      case "error":
        this.sums.errors += 1;
        this.changed = true;
        return this.use({ errors: 1 });
      default:
        return;
    }
  }

  // ---------------------------------------------------------------- items

  private itemCame(item: Item, previous: string | null, at: number): void {
    const { sessionId, tenant } = this.options.info;
    if (this.items.has(item.id)) return this.itemChanged(item.id, contentOf(item));
    this.sums.items += 1;
    this.changed = true;
    const row: NewItem = {
      sessionId,
      id: cleanText(item.id),
      orgId: tenant,
      previousItemId: previous,
      position: this.sums.items,
      type: item.type,
      role: item.type === "message" ? item.role : null,
      atMs: at,
      ...contentOf(item),
      ...this.speech.of(item.id),
    };
    this.items.set(item.id, row);
    this.see(row);
    this.emit({ type: "item", row });
  }

  private itemChanged(id: string, change: Partial<NewItem>): void {
    const known = this.items.get(id);
    if (known === undefined) return;
    const row = { ...known, ...change, ...this.speech.of(id) };
    this.items.set(id, row);
    this.see(row);
    this.emit({ type: "item", row });
  }

  private heardWords(id: string, words: string): void {
    this.itemChanged(id, { transcript: cleanText(words) });
  }

  /** The first thing that the user says tells sessions apart in a list. */
  private see({ role, transcript }: NewItem): void {
    if (this.preview !== undefined || role !== "user" || !transcript) return;
    this.preview = shorten(transcript, PREVIEW);
    this.changed = true;
  }

  // ---------------------------------------------------------------- responses

  private responseCreated(response: ResponseResource, at: number): void {
    const { tenant, sessionId, model } = this.options.info;
    this.responses.set(response.id, {
      id: response.id,
      orgId: tenant,
      sessionId,
      model,
      status: response.status,
      createdMs: at,
      speechStoppedMs: this.speechStopped ?? null,
      transcribedMs: this.transcribed ?? null,
      at: new Date(this.options.now()).toISOString(),
    });
    this.speechStopped = undefined;
    this.transcribed = undefined;
  }

  private stage({ stage, at, responseId, agent }: Stage): void {
    if (stage === "speech-stopped") this.speechStopped = at;
    if (stage === "transcribed") this.transcribed = at;
    const response = responseId === undefined ? undefined : this.responses.get(responseId);
    if (response === undefined) return;
    if (agent !== undefined) this.ownAgents.set(response.id, agent.agentId);
    if (stage === "transcribed") response.transcribedMs = at;
    if (stage === "first-token") response.firstTokenMs ??= at;
    if (stage === "first-audio") response.firstAudioMs ??= at;
  }

  /** Told of twice where the reply was still being made: its response is cancelled, and its item truncated. */
  private cutShort(id: string): void {
    this.cut.add(id);
    this.sums.interruptions = this.cut.size;
    this.changed = true;
  }

  private responseDone({ id, status, status_details, output, usage }: ResponseResource, at: number): void {
    const begun = this.responses.get(id);
    const agentId = this.ownAgents.get(id);
    this.responses.delete(id);
    this.ownAgents.delete(id);
    if (begun === undefined) return;
    const first = begun.firstAudioMs ?? begun.firstTokenMs;
    const heardMs = typeof first === "number" ? first - (begun.speechStoppedMs ?? begun.createdMs) : null;
    if (heardMs !== null && heardMs >= 0) this.heard.push(heardMs);
    if (usage) this.spend(usage, { responses: 1, failedResponses: status === "failed" ? 1 : 0 }, agentId);
    if (status_details?.type === "cancelled" && status_details.reason === "turn_detected")
      this.cutShort(output?.findLast(({ type }) => type === "message")?.id ?? id);
    this.sums.responses += 1;
    this.changed = true;
    this.emit({
      type: "response",
      row: {
        ...begun,
        status,
        statusDetails: cleanJson(status_details),
        usage,
        inputTokens: usage?.input_tokens ?? 0,
        outputTokens: usage?.output_tokens ?? 0,
        doneMs: at,
        heardMs,
      },
    });
  }

  private spend(usage: ResponseUsage, counted: Record<string, number>, agentId?: string): void {
    this.sums.inputTokens += usage.input_tokens;
    this.sums.outputTokens += usage.output_tokens;
    this.changed = true;
    this.use({ ...counted, ...tokenColumns(usage) }, undefined, agentId);
  }

  // ---------------------------------------------------------------- the end

  private ended({ at, code, reason }: Extract<SessionObservation, { type: "ended" }>): void {
    const { info } = this.options;
    this.endSpan(at);
    for (const [agentId, ms] of this.spans) this.use({ durationMs: Math.round(ms) }, undefined, agentId);
    this.calls.ended();
    this.events.flush();
    const endedAt = new Date(info.startedAt + at).toISOString();
    this.emit({
      type: "change",
      set: {
        ...this.sums,
        ...this.derived(),
        status: "ended",
        endedAt,
        seenAt: endedAt,
        endCode: code,
        endReason: cleanText(reason),
        durationMs: at,
      },
    });
    const data = { ...this.facts(), duration_ms: Math.round(at), code, reason: cleanText(reason) };
    this.emit({ type: "webhook", message: { type: "session.ended", data } });
  }

  private derived(): { readonly heardMs?: number; readonly preview?: string } {
    const sorted = [...this.heard].sort((a, b) => a - b);
    const heardMs = sorted[Math.floor(sorted.length / 2)];
    return {
      ...(heardMs !== undefined && { heardMs }),
      ...(this.preview !== undefined && { preview: this.preview }),
    };
  }

  private facts() {
    const { sessionId, model, transport, startedAt } = this.options.info;
    const agent = { agent_id: this.agent.agentId ?? null };
    return { session_id: sessionId, ...agent, model, transport, started_at: new Date(startedAt).toISOString() };
  }

  private use(row: Record<string, number>, day = this.today(), agentId = this.agent.agentId ?? ""): void {
    const { info } = this.options;
    this.emit({ type: "usage", row: { day, keyId: info.keyId ?? "", agentId, model: info.model, ...row } });
  }

  private today(): string {
    return new Date(this.options.now()).toISOString().slice(0, 10);
  }

  private emit(body: OperationBody): void {
    const { sessionId, tenant } = this.options.info;
    this.options.emit({ org: tenant, session: sessionId, ...body } as Operation);
  }
}

function tokenColumns({ input_token_details: input, output_token_details: output }: ResponseUsage) {
  return {
    inputTextTokens: input.text_tokens + input.image_tokens,
    inputAudioTokens: input.audio_tokens,
    cachedTokens: input.cached_tokens,
    outputTextTokens: output.text_tokens,
    outputAudioTokens: output.audio_tokens,
  };
}

function contentOf(item: Item): Pick<NewItem, "content" | "transcript" | "status"> {
  const status = "status" in item && item.status !== undefined ? item.status : null;
  const transcript = transcriptOf(item);
  const content = cleanJson(item);
  return { content, status, ...(transcript !== "" && { transcript }) };
}
