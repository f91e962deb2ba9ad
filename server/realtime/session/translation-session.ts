/** A session that translates a talk while it is held: audio comes in all the time, words and speech go out. */
import { msOf } from "../audio/formats";
import type { ClientEvent } from "../protocol/client-events";
import { CloseCode, errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import { toSessionResource } from "../protocol/session-resource";
import { mergeTranslationConfig, type TranslationConfig, type TranslationConfigInput } from "../protocol/translation";
import { WIRE } from "../translation/frames";
import { Translator } from "../translation/translator";
import type { TranslationReport } from "../translation/types";
import { Denoiser } from "./denoiser";
import { toResponseError } from "./failures";
import { Meter } from "./meter";
import { SessionShell } from "./shell";
import { loadTokenizer } from "./tokenizer";
import { TranslationMeter } from "./translation-meter";
import { initialTranslation, requireSupportedTranslation, translatingEngine } from "./translation-support";
import type { SessionOptions, SessionSnapshot } from "./types";
import { unlimited } from "../usage-gate";

const EVENTS = ["session.update", "session.input_audio_buffer.append", "session.close"];

export class TranslationSession {
  readonly id: string;
  readonly info: { readonly sessionId: string; readonly conversationId: string };
  private readonly shell: SessionShell;
  private readonly translator: Translator;
  private readonly denoiser: Denoiser;
  private readonly meter: TranslationMeter;
  private config: TranslationConfig;
  /** The client has said that no more audio comes. */
  private closing = false;

  /** @throws ProtocolError when the engine cannot translate, or not as `config` asks for. */
  constructor(private readonly options: SessionOptions) {
    const { engine, model, config } = options;
    this.config = initialTranslation(model, engine, config?.type === "translation" ? config : undefined);
    this.shell = new SessionShell(options);
    this.id = this.shell.id;
    this.info = { sessionId: this.id, conversationId: newId("conv") };
    this.meter = new TranslationMeter(
      new Meter(options.usage ?? unlimited, (usage) => options.observe({ type: "usage", at: this.shell.now(), usage })),
    );
    this.denoiser = new Denoiser({ engine, config: () => this.config });
    this.translator = new Translator({
      engine: translatingEngine(engine),
      sessionId: this.id,
      model,
      settings: () => ({
        language: this.config.audio.output.language,
        transcriptionModel: this.config.audio.input.transcription?.model,
      }),
      room: () => options.output.room(),
      admit: (asked) => this.meter.admit(asked),
      report: (report) => this.shell.post(() => this.tell(report)),
    });
  }

  start(): void {
    void loadTokenizer().catch((error: unknown) => this.shell.fault(error));
    this.shell.start(
      () => ({ type: "session.created", session: this.resource() }),
      () => this.stop(),
    );
  }

  receive(event: ClientEvent): void {
    this.shell.guarded(event.event_id ?? null, () => {
      this.options.observe({ type: "client-event", at: this.shell.now(), event });
      this.handle(event);
    });
  }

  /** Audio of `session.input_audio_buffer.append`, already out of its base64. */
  append(audio: Buffer, eventId: string | null): void {
    this.shell.guarded(eventId, () => {
      this.hear(audio);
      const { type: format, sampleRate } = WIRE;
      this.options.observe({ type: "input-audio", at: this.shell.now(), audio, format, sampleRate });
    });
  }

  reject(error: ProtocolError, eventId: string | null): void {
    this.shell.post(() => this.shell.emitError(error, eventId));
  }

  /** Translates the rest, as for `session.close`. Resolves when it is done. */
  async finish(): Promise<void> {
    this.shell.post(() => this.endOfTalk());
    await this.translator.done;
  }

  snapshot(): SessionSnapshot {
    return { resource: this.resource(), items: [] };
  }

  /** The client is gone, or the server goes: stops everything at once, silently. */
  close(): void {
    this.shell.close();
  }

  private handle(event: ClientEvent): void {
    switch (event.type) {
      case "session.update":
        if (event.session.type !== "translation") throw errors.wrongSessionType(event.session.type, "translation");
        return this.update(event.session);
      case "session.close":
        return this.endOfTalk();
      default:
        throw errors.wrongEvent(event.type, "translation", EVENTS);
    }
  }

  private update(patch: TranslationConfigInput): void {
    const next = mergeTranslationConfig(this.config, patch);
    requireSupportedTranslation(next, this.options.engine);
    if (next.audio.input.noise_reduction !== this.config.audio.input.noise_reduction) {
      this.translator.append(this.denoiser.flush());
      this.denoiser.close();
    }
    this.config = next;
    this.shell.emit({ type: "session.updated", session: this.resource() });
  }

  private hear(audio: Buffer): void {
    const { maxAudioBytes } = this.options.limits;
    if (this.closing)
      throw new ProtocolError("The session is closing and takes no more audio.", { code: "session_closing" });
    if (audio.length % WIRE.bytesPerSample !== 0) throw errors.invalidAudio("audio");
    if (this.translator.load.bytes + audio.length > maxAudioBytes) throw errors.talkTooFast(maxAudioBytes);
    this.translator.append(this.denoiser.clean(WIRE, audio));
  }

  private endOfTalk(): void {
    if (this.closing) return;
    this.closing = true;
    this.translator.append(this.denoiser.flush());
    this.translator.finish();
    void this.translator.done.then(() =>
      this.shell.post(() => {
        this.shell.emit({ type: "session.closed" });
        this.shell.end(CloseCode.normal, "session_closed");
      }),
    );
  }

  private tell(report: TranslationReport): void {
    switch (report.type) {
      case "heard":
        if (this.config.audio.input.transcription === null) return;
        return this.shell.emit({
          type: "session.input_transcript.delta",
          delta: report.text,
          elapsed_ms: report.elapsedMs,
        });
      case "translated":
        return this.shell.emit({
          type: "session.output_transcript.delta",
          delta: report.text,
          elapsed_ms: report.elapsedMs,
        });
      case "listened":
        return this.meter.heard(report.ms);
      case "spoken":
        this.meter.spoke(msOf(WIRE, report.bytes.length));
        return this.shell.emit({
          type: "session.output_audio.delta",
          delta: report.bytes.toString("base64"),
          elapsed_ms: report.elapsedMs,
          channels: 1,
          format: "pcm16",
          sample_rate: 24_000,
        });
      case "failed":
        return this.tellFailure(report.error);
      default:
        report satisfies never;
    }
  }

  /** A part of the talk was lost: the client is told, and the session goes on. */
  private tellFailure(error: unknown): void {
    // A limit that was reached is nobody's fault here.
    if (!(error instanceof ProtocolError)) this.shell.fault(error);
    const { type, code, message } = toResponseError(error);
    this.shell.emitError(new ProtocolError(message, { type, code }), null);
  }

  private stop(): void {
    this.translator.stop();
    this.meter.close();
    this.denoiser.close();
  }

  private resource() {
    return toSessionResource(this.config, { id: this.id, expiresAt: this.shell.expiresAt });
  }
}
