/**
 * From ears to answers: what the session hears becomes turns, turns become items, and items are answered. Knows when to
 * guess, when to wait, and when to be quiet.
 */
import { wireFormat, type WireFormat } from "../audio/formats";
import { newId } from "../protocol/ids";
import type { AudioInputConfig } from "../protocol/session-config";
import { createTurnEstimator } from "../turns/estimator";
import { announceItem } from "./announce";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import { EndOfTurn } from "./end-of-turn";
import { LiveWords } from "./live-words";
import { Listening, type HeardTurn } from "./listening";
import type { Playback } from "./playback";
import type { PreparedReply } from "./prepared-reply";
import type { Responses } from "./responses";
import { Speculation, type Draft } from "./speculation";
import { spokenTurn } from "./stored-items";
import type { Transcriber } from "./transcription";
import type { TurnTakingOptions } from "./types";

export interface TurnTakingParts {
  readonly responses: Responses;
  readonly transcriber: Transcriber;
  readonly playback: Playback;
  readonly options: TurnTakingOptions;
  readonly maxAudioBytes: number;
  /** Somebody speaks over the reply. */
  readonly onInterrupt: () => void;
  /** A turn is over, and nobody is going to answer it. */
  readonly onQuiet: () => void;
}

export class TurnTaking {
  private readonly listening: Listening;
  private readonly speculation: Speculation;
  private readonly endOfTurn: EndOfTurn;
  /** A turn ended while a response was still running: answer it when that one is done. */
  private answerOwed = false;
  /** Listens to the turn under way, where the recogniser can. */
  private live: LiveWords | undefined;
  /** The turn under way cut a reply short. */
  private cutShort = false;

  constructor(
    private readonly context: SessionContext,
    private readonly parts: TurnTakingParts,
  ) {
    const { transcriber, options, maxAudioBytes } = parts;
    const { engine } = context;
    this.endOfTurn = new EndOfTurn(context, {
      detector: engine.turns ?? createTurnEstimator(),
      wait: (patienceMs) => this.listening.wait(patienceMs),
    });
    this.speculation = new Speculation(context, {
      mode: () => options.speculate ?? (engine.local === true ? "reply" : "transcribe"),
      transcribe: (clip, signal) => transcriber.recognise(clip, signal),
      prepare: (clip, words) => this.prepare(clip, words),
      onWords: (words) => {
        if (!this.listening.dismissBackchannel(words)) this.endOfTurn.hear(words);
      },
    });
    this.listening = new Listening(
      context,
      {
        onTurn: (turn) => this.endTurn(turn),
        onTurnBegun: (before) => this.listenIn(before),
        onAudio: (format, samples) => this.feed(format, samples),
        onPause: (clip) => this.pause(clip),
        onResume: () => this.resume(),
        onTurnVoid: () => {
          this.forgetTurn();
          parts.onQuiet();
        },
        onSpeech: (interrupt) => this.speechStarted(interrupt),
        isAssistantSpeaking: () => parts.playback.isAudible || parts.responses.active !== undefined,
      },
      {
        maxAudioBytes,
        minInterruptionMs: options.minInterruptionMs ?? 0,
        ignoreBackchannels: options.ignoreBackchannels ?? false,
      },
    );
  }

  get isSpeaking(): boolean {
    return this.listening.isSpeaking;
  }

  append(audio: Buffer): void {
    this.listening.append(audio);
  }

  /** Sound of a track. */
  appendTrack(audio: Buffer): void {
    this.listening.appendTrack(audio);
  }

  commit(): void {
    this.listening.commit();
  }

  clear(): void {
    this.listening.clear();
  }

  /** Call after every change of the configuration. */
  configure(before: AudioInputConfig): void {
    this.listening.configure(before);
  }

  /** The client asked for a response itself. */
  responseStarted(): void {
    this.listening.stopIdleTimer();
  }

  responseEnded(): void {
    if (this.answerOwed) return this.answer();
    this.listening.awaitSpeech(this.parts.playback.aheadMs);
  }

  close(): void {
    this.listening.close();
    this.forgetTurn();
  }

  // ---------------------------------------------------------------- a turn, from its beginning to its answer

  private speechStarted(interrupt: boolean): void {
    this.cutShort = interrupt && this.parts.responses.interrupt().cutShort;
    if (interrupt) this.parts.onInterrupt();
  }

  private pause(clip: AudioClip): void {
    this.speculation.begin(clip, this.live);
    this.endOfTurn.begin(clip);
  }

  private resume(): void {
    this.speculation.drop();
    this.endOfTurn.drop();
  }

  private forgetTurn(): void {
    this.resume();
    this.live?.drop();
    this.live = undefined;
  }

  /** Where the recogniser can listen while the person speaks, it does. */
  private listenIn(before: AudioClip): void {
    const { engine } = this.context;
    if (engine.listen === undefined || this.parts.options.speculate === "off") return;
    const live: LiveWords = new LiveWords({
      format: wireFormat(this.context.config().audio.input.format),
      before,
      listen: (request) => engine.listen!({ ...this.parts.transcriber.request(), ...request }),
      onWords: (words) =>
        this.context.post(() => {
          if (live === this.live) this.speculation.hear(words);
        }),
    });
    this.live = live;
  }

  private feed(format: WireFormat, samples: Int16Array): void {
    if (this.live === undefined) return;
    if (this.live.format === format) return this.live.push(samples);
    // A stream has one rate: the turn is transcribed as a whole instead.
    this.live.drop();
    this.live = undefined;
  }

  private endTurn({ itemId, clip, respond, atPause }: HeardTurn): void {
    const { transcriber, responses } = this.parts;
    const { conversation } = this.context;
    const entry = spokenTurn(itemId, clip, null);
    const previous = conversation.insert(entry);
    const draft = this.takeDraft(atPause);
    this.context.emit({ type: "input_audio_buffer.committed", item_id: itemId, previous_item_id: previous });
    announceItem(this.context, entry.item, previous);
    const wanted = respond && this.context.engine.transcripts !== "none";
    if (wanted || this.context.config().audio.input.transcription !== null) void transcriber.ensure(entry, draft);
    if (respond && responses.active === undefined) return this.answer(draft?.reply);
    draft?.reply?.drop();
    this.answerOwed ||= respond;
  }

  private takeDraft(atPause: boolean): Draft | undefined {
    const { live } = this;
    this.live = undefined;
    live?.finish();
    const draft = atPause ? this.speculation.take() : undefined;
    if (draft !== undefined || live === undefined || live.events.failed) return draft;
    return { words: live.events, abort: live.abort, reply: undefined };
  }

  private answer(prepared?: PreparedReply): void {
    this.answerOwed = false;
    const resumes = this.cutShort && this.parts.options.resumeFalseInterruptions === true;
    this.context.attempt(() => {
      this.parts.responses.create({}, { prepared, resumes });
      this.listening.stopIdleTimer();
    });
  }

  private prepare(clip: AudioClip, words: string | null): PreparedReply | undefined {
    if (this.context.config().audio.input.turn_detection?.create_response !== true) return undefined;
    return this.parts.responses.prepare(spokenTurn(newId("item"), clip, words), words);
  }
}
