/** Puts words to the audio of user items, once each, and tells the client if it asked to be told. */
import type { ListenRequest, TokenLogprob, TranscriptEvent, TranscriptUsage } from "../engine/types";
import type { TranscriptionConfig } from "../protocol/session-config";
import { ProtocolError } from "../protocol/errors";
import type { ServerEventOf } from "../protocol/server-events";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import type { Draft } from "./speculation";
import { withTranscript } from "./conversation";
import { toResponseError, type ResponseError } from "./failures";
import type { Meter } from "./meter";
import type { Entry } from "./stored-items";
import { heardTokens, usageOfTranscript } from "./usage";

type CompletedUsage = ServerEventOf<"conversation.item.input_audio_transcription.completed">["usage"];

type Done = Extract<TranscriptEvent, { type: "done" }>;

interface Job {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  /** By content index. */
  readonly words: Map<number, string>;
  failure?: ResponseError;
}

interface Part {
  readonly itemId: string;
  readonly index: number;
  readonly clip: AudioClip;
  /** Null: work in silence, since the client did not ask for transcripts. */
  readonly announce: TranscriptionConfig | null;
  /** Words that were found ahead of time. */
  readonly ready?: AsyncIterable<TranscriptEvent> | undefined;
}

export class Transcriber {
  private readonly jobs = new Map<string, Job>();
  private running = 0;

  /** `meter`: of a session that is nothing but transcription. In a conversation the responses pay for what was heard. */
  constructor(
    private readonly context: SessionContext,
    private readonly meter?: Meter,
  ) {}

  /**
   * Resolves once every audio part of the item has words or has failed. Never rejects. With a draft, its words are
   * taken for those of the item's only part.
   */
  ensure(entry: Entry, draft?: Draft): Promise<void> {
    const known = this.jobs.get(entry.item.id);
    if (known !== undefined) return known.done;
    const parts = this.untranscribed(entry).map((part) => ({ ...part, ready: draft?.words }));
    if (parts.length === 0) return Promise.resolve();
    const job: Job = {
      abort: draft?.abort ?? new AbortController(),
      words: new Map(),
      done: Promise.resolve().then(() => this.work(job, parts)),
    };
    this.jobs.set(entry.item.id, job);
    return job.done;
  }

  /** The entry as it stands now, with the words that were found: also for items that are in no conversation. */
  read(entry: Entry): Entry {
    const current = this.context.conversation.get(entry.item.id) ?? entry;
    const words = this.jobs.get(entry.item.id)?.words ?? new Map<number, string>();
    const item = [...words].reduce((each, [index, text]) => withTranscript(each, index, text), current.item);
    return { ...current, item };
  }

  /** Asks the engine for the words of some audio, as the session is configured now. */
  async *recognise(clip: AudioClip, signal: AbortSignal): AsyncGenerator<TranscriptEvent, void> {
    const { keywords = [], prompt, ...request } = this.request();
    const hints = [prompt, ...keywords].filter((hint) => hint !== undefined).join(", ");
    const audio = await clip.toPcm();
    yield* this.context.engine.transcribe({ ...request, audio, signal, ...(hints !== "" && { prompt: hints }) });
  }

  /** How the session is configured to have speech recognised. */
  request(): Omit<ListenRequest, "sampleRate" | "signal"> {
    const { include, audio } = this.context.config();
    const { model, language, languages, prompt, keywords } = audio.input.transcription ?? {};
    const spoken = language ?? languages?.[0];
    return {
      logprobs: include?.includes("item.input_audio_transcription.logprobs") ?? false,
      ...(model !== undefined && { model }),
      ...(spoken !== undefined && { language: spoken }),
      ...(prompt !== undefined && { prompt }),
      ...(keywords !== undefined && { keywords }),
    };
  }

  failureOf(itemId: string): ResponseError | undefined {
    return this.jobs.get(itemId)?.failure;
  }

  /** The item is gone: stop working on it. */
  forget(itemId: string): void {
    this.jobs.get(itemId)?.abort.abort();
    this.jobs.delete(itemId);
  }

  close(): void {
    for (const job of this.jobs.values()) job.abort.abort();
    this.jobs.clear();
  }

  private untranscribed(entry: Entry): Part[] {
    const { item } = entry;
    if (item.type !== "message" || item.role !== "user") return [];
    const known = this.context.conversation.get(item.id) !== undefined;
    const announce = known ? this.context.config().audio.input.transcription : null;
    return item.content.flatMap((part, index) => {
      const clip = entry.clips.get(index);
      const wanted = part.type === "input_audio" && part.transcript === null && clip !== undefined;
      return wanted ? [{ itemId: item.id, index, clip, announce }] : [];
    });
  }

  /** Some words are still to come. */
  get busy(): boolean {
    return this.running > 0;
  }

  private async work(job: Job, parts: readonly Part[]): Promise<void> {
    this.running += 1;
    try {
      await this.transcribeAll(job, parts);
    } finally {
      this.running -= 1;
    }
  }

  private async transcribeAll(job: Job, parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      try {
        await this.transcribeWithin(job, part);
      } catch (error) {
        if (job.abort.signal.aborted) return;
        job.failure = toResponseError(error);
        // That there is no recogniser is the host's choice, and a limit that was reached nobody's fault here.
        if (job.failure.code !== "not_configured" && !(error instanceof ProtocolError)) this.context.fault(error);
        this.context.post(() => this.announceFailure(part, job));
      }
    }
  }

  /** Rejects with a `ProtocolError` when there is no room for it. */
  private async transcribeWithin(job: Job, part: Part): Promise<void> {
    const { durationMs } = part.clip;
    const settle = await this.meter?.reserve(heardTokens(durationMs) + likelyWords(durationMs));
    let done: Done | undefined;
    try {
      if (!job.abort.signal.aborted) done = await this.transcribe(job, part);
    } finally {
      settle?.(done && usageOfTranscript(toUsage(done.usage, durationMs), done.text));
    }
  }

  private async transcribe(job: Job, part: Part): Promise<Done | undefined> {
    const { signal } = job.abort;
    let told = 0;
    let done: Done | undefined;
    const tell = async (words: AsyncIterable<TranscriptEvent>): Promise<void> => {
      for await (const event of words) {
        if (signal.aborted) return;
        if (event.type === "done") done = event;
        told += 1;
        this.context.post(() => this.apply(job, part, event));
      }
    };
    try {
      await tell(part.ready ?? this.recognise(part.clip, signal));
    } catch (error) {
      if (part.ready === undefined || signal.aborted || told > 0) throw error;
      // What was begun ahead of time broke off in silence: the audio is still here.
      this.context.fault(error);
      await tell(this.recognise(part.clip, signal));
    }
    return done;
  }

  private apply(job: Job, part: Part, event: TranscriptEvent): void {
    if (event.type === "done") job.words.set(part.index, event.text);
    if (this.context.conversation.get(part.itemId) === undefined) return;
    const at = { item_id: part.itemId, content_index: part.index };
    switch (event.type) {
      case "delta":
        if (part.announce === null) return;
        this.context.emit({
          type: "conversation.item.input_audio_transcription.delta",
          ...at,
          delta: event.text,
          ...withLogprobs(event),
        });
        return;
      case "segment": {
        if (part.announce === null) return;
        const { id, speaker, text, start, end } = event;
        const type = "conversation.item.input_audio_transcription.segment";
        this.context.emit({ type, ...at, id, speaker, text, start, end });
        return;
      }
      case "done": {
        this.context.conversation.setTranscript(part.itemId, part.index, event.text);
        this.context.stage("transcribed", { itemId: part.itemId });
        if (part.announce === null) return;
        const usage = toUsage(event.usage, part.clip.durationMs);
        this.context.emit({
          type: "conversation.item.input_audio_transcription.completed",
          ...at,
          transcript: event.text,
          ...withLogprobs(event),
          usage,
        });
        return;
      }
      default:
        event satisfies never;
    }
  }

  private announceFailure(part: Part, job: Job): void {
    if (part.announce === null || job.failure === undefined) return;
    if (this.context.conversation.get(part.itemId) === undefined) return;
    const { type, code, message } = job.failure;
    this.context.emit({
      type: "conversation.item.input_audio_transcription.failed",
      item_id: part.itemId,
      content_index: part.index,
      error: { type, code, message },
    });
  }
}

function withLogprobs({ logprobs }: { logprobs?: readonly TokenLogprob[] }): { logprobs?: TokenLogprob[] } {
  return logprobs === undefined ? {} : { logprobs: logprobs.map((each) => ({ ...each })) };
}

function toUsage(usage: TranscriptUsage | undefined, durationMs: number): CompletedUsage {
  if (usage === undefined) return { type: "duration", seconds: durationMs / 1000 };
  switch (usage.type) {
    case "duration":
      return usage;
    case "tokens":
      return {
        type: "tokens",
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
        input_token_details: {
          text_tokens: usage.textTokens ?? 0,
          audio_tokens: usage.audioTokens ?? usage.inputTokens - (usage.textTokens ?? 0),
        },
      };
    default:
      return usage satisfies never;
  }
}

/** People say about four tokens a second. */
function likelyWords(durationMs: number): number {
  return Math.ceil(durationMs / 250);
}
