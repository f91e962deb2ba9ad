/** The session's ears: keeps appended audio, asks the detector who speaks, and cuts turns out of the stream. */
import { msOf, wireFormat, type WireFormat } from "../audio/formats";
import type { VadFrame, VadStream } from "../engine/types";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { AudioInputConfig, TurnDetectionConfig } from "../protocol/session-config";
import { InputAudioBuffer } from "./audio-buffer";
import type { AudioClip } from "./clip";
import type { SessionContext } from "./context";
import { Denoiser } from "./denoiser";
import { isBackchannel } from "../turns/backchannel";
import { waitFor } from "../turns/patience";
import {
  isStillSilent,
  MIN_SPEECH_MS,
  nextTurn,
  SILENT,
  type TurnEffect,
  type TurnSettings,
  type TurnState,
} from "../turns/turn";

export interface HeardTurn {
  /** The id of the item that its audio becomes. */
  readonly itemId: string;
  readonly clip: AudioClip;
  readonly respond: boolean;
  /** It ended in the pause that was told of last. */
  readonly atPause: boolean;
}

export interface ListeningEvents {
  /** A turn is complete. */
  onTurn(turn: HeardTurn): void;
  /** Silence, after `clip`: perhaps the end. */
  onPause(clip: AudioClip): void;
  /** A turn began: with what was kept from before. */
  onTurnBegun(before: AudioClip): void;
  /** Audio of a turn under way. */
  onAudio(format: WireFormat, samples: Int16Array): void;
  /** There is no turn any more. */
  onTurnVoid(): void;
  /** It was not the end, or is void. */
  onResume(): void;
  /** Somebody began to speak. */
  onSpeech(interrupt: boolean): void;
  /** The assistant can be heard, or is about to be. */
  isAssistantSpeaking(): boolean;
}

export interface ListeningOptions {
  readonly maxAudioBytes: number;
  readonly minInterruptionMs: number;
  readonly ignoreBackchannels: boolean;
}

/** Speech while the assistant speaks, which may be no more than a "mm-hm": nobody was told of it yet. */
interface Doubt {
  readonly startMs: number;
  readonly interrupt: boolean;
}

interface Ear {
  readonly stream: VadStream;
  readonly sampleRate: number;
  /** Where the stream began, in ms of audio written. */
  readonly startMs: number;
  heardUntilMs: number;
}

/** Less than this is no utterance; the official service refuses it too. */
const MIN_COMMIT_MS = 100;
/** No "mm-hm" is longer. */
const MAX_BACKCHANNEL_MS = 1_000;
/** Silence kept while detection is on, so that a commit by hand still finds what was said softly. */
const KEEP_SILENCE_MS = 15_000;
/** Of a track that nobody takes turns out of. */
const KEEP_TRACK_MS = 5 * 60_000;

export class Listening {
  private readonly buffer = new InputAudioBuffer();
  private readonly denoiser: Denoiser;
  private turn: TurnState = SILENT;
  private ear: Ear | undefined;
  /** The id that `speech_started` promised. */
  private itemId: string | undefined;
  private doubt: Doubt | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  /** Settings as they follow from the configuration, worked out once. */
  private chosen: { readonly detection: TurnDetectionConfig; readonly settings: TurnSettings } | undefined;

  constructor(
    private readonly context: SessionContext,
    private readonly events: ListeningEvents,
    private readonly options: ListeningOptions,
  ) {
    this.denoiser = new Denoiser(context);
  }

  /** Somebody speaks, as far as we know. */
  get isSpeaking(): boolean {
    return this.turn.phase === "speaking";
  }

  append(bytes: Buffer): void {
    const format = this.format;
    if (bytes.length % format.bytesPerSample !== 0) throw errors.invalidAudio("audio");
    if (this.buffer.byteLength + bytes.length > this.options.maxAudioBytes)
      throw errors.inputAudioBufferFull(this.options.maxAudioBytes);
    this.hold(format, this.denoiser.clean(format, bytes));
  }

  /** Sound of a track comes whether it is wanted or not: when nothing takes turns out of it, only the newest is kept. */
  appendTrack(bytes: Buffer): void {
    const format = this.format;
    this.hold(format, this.denoiser.clean(format, bytes));
    const keepMs = Math.min(KEEP_TRACK_MS, msOf(format, this.options.maxAudioBytes));
    if (this.detection === null && this.buffer.durationMs > keepMs * 1.1)
      this.buffer.dropBefore(this.buffer.writtenMs - keepMs);
  }

  private hold(format: WireFormat, bytes: Buffer): void {
    const startMs = this.buffer.writtenMs;
    this.buffer.append(format, bytes);
    if (this.detection === null || bytes.length === 0) return;
    const samples = format.decode(bytes);
    if (this.turn.phase === "speaking") this.events.onAudio(format, samples);
    this.listenFrom(startMs, format)?.stream.push(samples);
    if (this.turn.phase === "silent" && this.buffer.durationMs > KEEP_SILENCE_MS * 1.1) {
      this.buffer.dropBefore(this.buffer.writtenMs - KEEP_SILENCE_MS);
    }
  }

  /** By the client's hand. */
  commit(): void {
    this.hold(this.format, this.denoiser.flush());
    if (this.buffer.durationMs < MIN_COMMIT_MS) throw errors.bufferTooSmall(this.buffer.durationMs);
    this.finishTurn({ respond: false, atPause: false });
  }

  /** Words were found in the pause: true if they are no interruption, and the turn is void. */
  dismissBackchannel(words: string): boolean {
    if (this.doubt === undefined) return false;
    if (!isBackchannel(words)) {
      this.believe();
      return false;
    }
    this.buffer.dropBefore(this.buffer.writtenMs);
    this.forgetTurn();
    return true;
  }

  /** The present pause ends the turn after so much silence. */
  wait(patienceMs: number): void {
    const detection = this.detection;
    if (detection === null) return;
    const step = nextTurn(this.turn, { type: "patience", ms: patienceMs }, this.settings(detection));
    this.turn = step.state;
    for (const effect of step.effects) this.context.attempt(() => this.perform(effect, detection));
  }

  clear(): void {
    this.denoiser.flush();
    this.buffer.clear();
    this.forgetTurn();
  }

  /** Call after every change of the configuration. */
  configure(before: AudioInputConfig): void {
    const { turn_detection: detection, noise_reduction } = this.context.config().audio.input;
    const oldFormat = wireFormat(before.format);
    if (before.noise_reduction !== noise_reduction || oldFormat !== this.format) {
      this.hold(oldFormat, this.denoiser.flush());
      this.denoiser.close();
    }
    const changed = detection === null || before.turn_detection === null || oldFormat !== this.format;
    if (changed) {
      this.closeEar();
      this.forgetTurn();
    }
    if (idleTimeoutOf(detection) === undefined) this.stopIdleTimer();
  }

  /** The reply will have been heard in `inMs`: from then on, silence may be broken by us. */
  awaitSpeech(inMs: number): void {
    this.stopIdleTimer();
    const timeout = idleTimeoutOf(this.detection);
    if (timeout === undefined || this.turn.phase === "speaking") return;
    this.idleTimer = setTimeout(() => this.context.post(() => this.speakUp(timeout)), inMs + timeout);
  }

  /** A response begins: nobody waits for the user. */
  stopIdleTimer(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = undefined;
  }

  close(): void {
    this.stopIdleTimer();
    this.closeEar();
    this.denoiser.close();
    this.buffer.clear();
  }

  // ---------------------------------------------------------------- detection

  private get format(): WireFormat {
    return wireFormat(this.context.config().audio.input.format);
  }

  private get detection(): TurnDetectionConfig | null {
    return this.context.config().audio.input.turn_detection;
  }

  private listenFrom(startMs: number, format: WireFormat): Ear | undefined {
    if (this.ear !== undefined || this.context.engine.vad === undefined) return this.ear;
    const { sampleRate } = format;
    const stream = this.context.engine.vad.open({
      sampleRate,
      onFrame: (frame) => this.context.post(() => this.hear(ear, frame)),
      onError: (error) => this.context.post(() => this.goDeaf(ear, error)),
    });
    const ear: Ear = { stream, sampleRate, startMs, heardUntilMs: startMs };
    this.ear = ear;
    return ear;
  }

  private hear(ear: Ear, frame: VadFrame): void {
    const detection = this.detection;
    if (ear !== this.ear || detection === null) return;
    const startMs = ear.heardUntilMs;
    ear.heardUntilMs = ear.startMs + (frame.endSample * 1000) / ear.sampleRate;
    const settings = this.settings(detection);
    if (isStillSilent(this.turn, frame.probability, settings.threshold)) return;
    const { probability, certain, faint } = frame;
    const event = { type: "frame", startMs, endMs: ear.heardUntilMs, probability, certain, faint } as const;
    const step = nextTurn(this.turn, event, this.withMinSpeech(settings));
    this.turn = step.state;
    if (this.doubt !== undefined && event.endMs - this.doubt.startMs > MAX_BACKCHANNEL_MS) this.believe();
    for (const effect of step.effects) this.context.attempt(() => this.perform(effect, detection));
  }

  private perform(effect: TurnEffect, detection: TurnDetectionConfig): void {
    switch (effect.type) {
      case "speech-started": {
        const startMs = Math.max(effect.audioStartMs, this.buffer.startMs);
        this.doubt = { startMs, interrupt: detection.interrupt_response };
        this.buffer.dropBefore(startMs);
        this.events.onTurnBegun(this.buffer.peek(this.buffer.writtenMs));
        if (!this.options.ignoreBackchannels || !this.events.isAssistantSpeaking()) this.believe();
        return;
      }
      case "speech-paused":
        return this.events.onPause(this.buffer.peek(effect.atMs));
      case "speech-resumed":
        return this.events.onResume();
      case "speech-stopped": {
        this.believe();
        const itemId = this.itemId ?? newId("item");
        const audio_end_ms = Math.round(effect.audioEndMs);
        this.context.emit({ type: "input_audio_buffer.speech_stopped", audio_end_ms, item_id: itemId });
        this.context.stage("speech-stopped", { itemId });
        this.finishTurn({ respond: detection.create_response, atPause: true, toMs: effect.audioEndMs });
        return;
      }
      default:
        effect satisfies never;
    }
  }

  /** It is speech: says so. */
  private believe(): void {
    if (this.doubt === undefined) return;
    const { startMs, interrupt } = this.doubt;
    this.doubt = undefined;
    this.stopIdleTimer();
    this.itemId = newId("item");
    this.context.emit({
      type: "input_audio_buffer.speech_started",
      audio_start_ms: Math.round(startMs),
      item_id: this.itemId,
    });
    this.events.onSpeech(interrupt);
  }

  private settings(detection: TurnDetectionConfig): TurnSettings {
    if (this.chosen?.detection !== detection) this.chosen = { detection, settings: turnSettings(detection) };
    return this.chosen.settings;
  }

  private withMinSpeech(settings: TurnSettings): TurnSettings {
    const { minInterruptionMs } = this.options;
    if (minInterruptionMs <= MIN_SPEECH_MS || !this.events.isAssistantSpeaking()) return settings;
    return { ...settings, minSpeechMs: minInterruptionMs };
  }

  private finishTurn({ toMs, ...how }: { respond: boolean; atPause: boolean; toMs?: number }): void {
    const itemId = this.itemId ?? newId("item");
    const clip = this.buffer.take(toMs === undefined ? {} : { toMs });
    this.events.onTurn({ itemId, clip, ...how });
    this.forgetTurn();
  }

  private forgetTurn(): void {
    this.doubt = undefined;
    this.itemId = undefined;
    this.turn = nextTurn(this.turn, { type: "reset" }, DEFAULT_TURN).state;
    this.events.onTurnVoid();
  }

  private speakUp(timeoutMs: number): void {
    const itemId = newId("item");
    const endMs = this.buffer.writtenMs;
    const startMs = Math.max(this.buffer.startMs, endMs - timeoutMs);
    this.context.emit({
      type: "input_audio_buffer.timeout_triggered",
      audio_start_ms: Math.round(startMs),
      audio_end_ms: Math.round(endMs),
      item_id: itemId,
    });
    const clip = this.buffer.take({ fromMs: startMs });
    this.events.onTurn({ itemId, clip, respond: true, atPause: false });
    this.forgetTurn();
  }

  private goDeaf(ear: Ear, error: Error): void {
    if (ear !== this.ear) return;
    this.context.fault(error);
    this.closeEar();
    const body = errors
      .serverError("Voice activity detection failed; it starts anew with the next audio.")
      .toBody(null);
    this.context.emit({ type: "error", error: body });
    this.forgetTurn();
  }

  private closeEar(): void {
    this.ear?.stream.close();
    this.ear = undefined;
  }
}

const DEFAULT_TURN: TurnSettings = {
  threshold: 0.5,
  prefixPaddingMs: 300,
  minSpeechMs: MIN_SPEECH_MS,
  silenceDurationMs: 500,
};

function turnSettings(detection: TurnDetectionConfig): TurnSettings {
  switch (detection.type) {
    case "server_vad":
      return {
        ...DEFAULT_TURN,
        threshold: detection.threshold,
        prefixPaddingMs: detection.prefix_padding_ms,
        silenceDurationMs: detection.silence_duration_ms,
      };
    case "semantic_vad":
      // The longest there is: a verdict on the pause makes it shorter.
      return { ...DEFAULT_TURN, silenceDurationMs: waitFor(0, detection.eagerness) };
    default:
      return detection satisfies never;
  }
}

function idleTimeoutOf(detection: TurnDetectionConfig | null): number | undefined {
  return detection?.type === "server_vad" ? (detection.idle_timeout_ms ?? undefined) : undefined;
}
