/** Opens the microphone when it is first needed, and knows why it could not. */
import type { AudioCapture, CaptureListener } from "./audio-capture";
import { microphoneProblem, problem, type Problem } from "./problems";

export type MicrophoneStatus =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | { readonly state: "on" }
  | { readonly state: "failed"; readonly problem: Problem };

export interface MicrophoneOptions {
  readonly open: (listener: CaptureListener) => Promise<AudioCapture>;
  onChunk(samples: Int16Array, level: number): void;
  onStatus(status: MicrophoneStatus): void;
}

export class Microphone {
  readonly #options: MicrophoneOptions;
  #capture: AudioCapture | undefined;
  #opening: Promise<boolean> | undefined;
  /** Counts openings, so that one which was closed meanwhile is let go. */
  #generation = 0;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#capture !== undefined;
  }

  /** True once it is on. Asks the user when it must; never throws: the status says what went wrong. */
  ensure(): Promise<boolean> {
    if (this.#capture !== undefined) return Promise.resolve(true);
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Resolves once everything that was said until now has gone through `onChunk`. */
  async flush(): Promise<void> {
    await this.#capture?.flush();
  }

  close(): void {
    this.#generation++;
    this.#capture?.close();
    this.#capture = undefined;
    this.#options.onStatus({ state: "off" });
  }

  async #open(): Promise<boolean> {
    const generation = ++this.#generation;
    this.#options.onStatus({ state: "asking" });
    try {
      const capture = await this.#options.open({
        onChunk: (samples, level) => this.#options.onChunk(samples, level),
        onLost: () => this.#lose(),
      });
      if (generation !== this.#generation) {
        capture.close();
        return false;
      }
      this.#capture = capture;
      this.#options.onStatus({ state: "on" });
      return true;
    } catch (error) {
      if (generation === this.#generation)
        this.#options.onStatus({ state: "failed", problem: microphoneProblem(error) });
      return false;
    }
  }

  #lose(): void {
    this.#generation++;
    this.#capture = undefined;
    this.#options.onStatus({ state: "failed", problem: problem("microphone-lost") });
  }
}
