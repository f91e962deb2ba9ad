/** Plays replies through Web Audio: gapless, stopped within milliseconds, and aware of what was really heard. */
import { decodePcm } from "./base64";
import { type AudioPart, type CutPart, PlaybackTimeline } from "./playback-timeline";

const SAMPLE_RATE = 24_000;
/** Long enough not to click, too short to be heard as a fade. */
const FADE_SECONDS = 0.012;

export class AudioPlayback {
  readonly #timeline = new PlaybackTimeline();
  readonly #sources = new Set<AudioBufferSourceNode>();
  #context: AudioContext | undefined;
  #output: GainNode | undefined;
  #speakerId = "";

  /** Call from a click or a key press: browsers keep audio silent until then. Never throws. */
  async unlock(): Promise<void> {
    // At the audio's own rate pieces join sample by sample; the browser resamples the sum to the device.
    if (this.#context === undefined) {
      this.#context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
      if (this.#speakerId !== "") await this.choose(this.#speakerId);
    }
    if (this.#context.state !== "running") await this.#context.resume().catch(() => undefined);
  }

  /** Undefined: the usual speaker. False where the browser has no choice, or not this one. */
  async choose(speakerId: string | undefined): Promise<boolean> {
    this.#speakerId = speakerId ?? "";
    const context = this.#context as (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | undefined;
    if (context === undefined) return "setSinkId" in AudioContext.prototype;
    if (context.setSinkId === undefined) return this.#speakerId === "";
    return context.setSinkId(this.#speakerId).then(
      () => true,
      () => false,
    );
  }

  /** Puts one base64 delta of 24 kHz PCM16 behind what is queued. */
  enqueue(part: AudioPart, delta: string): void {
    const samples = decodePcm(delta);
    if (this.#context === undefined || samples.length === 0) return;
    const context = this.#context;
    const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.getChannelData(0).set(Float32Array.from(samples, (sample) => sample / 32768));
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#openOutput(context));
    source.onended = () => {
      source.disconnect();
      this.#sources.delete(source);
    };
    this.#sources.add(source);
    source.start(this.#timeline.add(part, buffer.duration, context.currentTime));
  }

  /** What sounds now, and how much of it was heard; undefined in silence. */
  current(): CutPart | undefined {
    return this.#timeline.current(this.#heardUntil());
  }

  /** Silence at once. Returns every part that was not heard to its end, in order. */
  stop(): CutPart[] {
    const cut = this.#timeline.cut(this.#heardUntil());
    const context = this.#context;
    if (context !== undefined && this.#output !== undefined) {
      this.#output.gain.setTargetAtTime(0, context.currentTime, FADE_SECONDS / 4);
      this.#output = undefined;
    }
    for (const source of this.#sources) source.stop(context === undefined ? 0 : context.currentTime + FADE_SECONDS);
    this.#sources.clear();
    return cut;
  }

  async close(): Promise<void> {
    this.stop();
    const context = this.#context;
    this.#context = undefined;
    await context?.close().catch(() => undefined);
  }

  /** Each stop retires its output, so that a fade never touches the reply that comes next. */
  #openOutput(context: AudioContext): GainNode {
    if (this.#output === undefined) {
      this.#output = context.createGain();
      this.#output.connect(context.destination);
    }
    return this.#output;
  }

  /** The clock of what is rendered, less what is still on its way to the ear. */
  #heardUntil(): number {
    if (this.#context === undefined) return 0;
    const { currentTime, baseLatency, outputLatency } = this.#context;
    return currentTime - (baseLatency || 0) - (outputLatency || 0);
  }
}
