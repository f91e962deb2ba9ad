/** Takes the noise out of what is appended, when the session asks for it; otherwise hands it on as it is. */
import { msOf, type WireFormat } from "../audio/formats";
import type { NoiseStream } from "../engine/types";
import { errors } from "../protocol/errors";
import type { NoiseReductionConfig } from "../protocol/session-config";
import type { SessionContext } from "./context";

/** What it needs to know of its session. */
export interface DenoiserContext {
  readonly engine: Pick<SessionContext["engine"], "noise">;
  config(): { readonly audio: { readonly input: { readonly noise_reduction: NoiseReductionConfig | null } } };
}

interface Open {
  readonly stream: NoiseStream;
  readonly format: WireFormat;
  readonly settings: NoiseReductionConfig;
}

/** Cleaning takes about a fiftieth of the time that the audio lasts, and everybody else waits meanwhile. */
const MAX_MS = 10_000;
const NOTHING = Buffer.alloc(0);

export class Denoiser {
  private open: Open | undefined;

  constructor(private readonly context: DenoiserContext) {}

  /** Cleaned audio comes a few milliseconds late, but lies where it lay. Throws for more than can be cleaned at once. */
  clean(format: WireFormat, bytes: Buffer): Buffer {
    const open = this.openFor(format);
    if (open !== undefined && msOf(format, bytes.length) > MAX_MS) {
      throw errors.invalidValue(
        "audio",
        `With noise reduction, send at most ${MAX_MS / 1_000} s of audio in one event.`,
      );
    }
    return open === undefined ? bytes : format.encode(open.stream.process(format.decode(bytes)));
  }

  /** What is still held back. */
  flush(): Buffer {
    return this.open === undefined ? NOTHING : this.open.format.encode(this.open.stream.flush());
  }

  close(): void {
    this.open?.stream.close();
    this.open = undefined;
  }

  private openFor(format: WireFormat): Open | undefined {
    const settings = this.context.config().audio.input.noise_reduction;
    const { noise } = this.context.engine;
    if (settings === null || noise === undefined) return undefined;
    if (this.open?.format === format && this.open.settings === settings) return this.open;
    this.close();
    const { sampleRate } = format;
    this.open = {
      format,
      settings,
      stream: noise.open({ sampleRate, type: settings.type, strength: settings.strength }),
    };
    return this.open;
  }
}
