import { pcmFromBytes, type Pcm } from "../../realtime/audio/pcm";
import { decodeWav } from "../../realtime/audio/wav";
import { EngineError, type EngineStage } from "../../realtime/engine/errors";

export interface AudioDecoderOptions {
  /** The answer's content type, as it came. */
  readonly contentType: string;
  /** Samples per second of raw PCM, unless the content type says otherwise. */
  readonly sampleRate: number;
  /** Whose audio it is. Default: `tts`. */
  readonly stage?: EngineStage;
}

/** Turns an answer's bytes, cut anywhere, into audio. Throws EngineErrors of its stage. */
export interface AudioDecoder {
  push(bytes: Uint8Array): Pcm | undefined;
  /** What was held back, once no more bytes come. */
  end(): Pcm | undefined;
}

/** Takes what it can from the start of `bytes`, and hands back the rest for the next time. */
type Decode = (bytes: Buffer) => { readonly audio: Pcm | undefined; readonly rest: Buffer };

const NOTHING = Buffer.alloc(0);
const MAX_WAV_HEADER = 65_536;
const RAW = /^(audio\/(x-)?(pcm|raw|l16)|(application|binary)\/octet-stream|)$/;
const WAV = /^audio\/(x-|vnd\.)?wave?$/;
const CONTAINERS = /^(ID3[\x02-\x04]|OggS|fLaC)/;

/**
 * Reads raw 16-bit PCM and, because endpoints send it in spite of what they were asked for, WAV. Says clearly when it is
 * something else.
 */
export function audioDecoder(options: AudioDecoderOptions): AudioDecoder {
  let held: Buffer = NOTHING;
  let decode: Decode | undefined;
  const next = (ended: boolean): Pcm | undefined => {
    decode ??= detect(held, ended, options);
    if (!decode) return undefined;
    const { audio, rest } = decode(held);
    held = rest;
    return audio;
  };
  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      return next(false);
    },
    end: () => next(true),
  };
}

/** Undefined while too little is known. */
function detect(bytes: Buffer, ended: boolean, options: AudioDecoderOptions): Decode | undefined {
  const { contentType, sampleRate, stage = "tts" } = options;
  if (bytes.length < 12 && !ended) return undefined;
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("RIFF") && start.endsWith("WAVE")) return wavDecode(bytes, { ended, stage });
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  if (RAW.test(type) && !CONTAINERS.test(start)) {
    const rate = /\brate=(\d{4,6})\b/.exec(contentType)?.[1];
    return rawDecode(rate ? Number(rate) : sampleRate);
  }
  if (WAV.test(type) && bytes.length === 0) return rawDecode(sampleRate);
  if (!type.startsWith("audio/") && !RAW.test(type)) {
    throw new EngineError({
      stage,
      code: "bad_response",
      message: `The ${stage} provider answered with ${type} instead of audio.`,
      cause: bytes.toString("utf8", 0, 1000),
    });
  }
  throw unsupported(
    stage,
    `it sent ${WAV.test(type) || RAW.test(type) ? "another format" : type} where PCM was asked for.`,
  );
}

function unsupported(stage: EngineStage, reason: string, cause?: unknown): EngineError {
  const message = `The ${stage} provider's audio cannot be used: ${reason} Use an endpoint or a model that answers "pcm" or "wav".`;
  return new EngineError({ stage, code: "unsupported_audio", message, cause });
}

function rawDecode(sampleRate: number): Decode {
  return (bytes) => {
    const whole = bytes.length - (bytes.length % 2);
    const audio = whole > 0 ? { samples: pcmFromBytes(bytes.subarray(0, whole)), sampleRate } : undefined;
    return { audio, rest: bytes.subarray(whole) };
  };
}

/** Decodes block by block, each as a WAV file of its own under the same header. */
function wavDecode(
  bytes: Buffer,
  { ended, stage }: { readonly ended: boolean; readonly stage: EngineStage },
): Decode | undefined {
  const found = findData(bytes);
  if (!found) {
    if (ended || bytes.length > MAX_WAV_HEADER) throw unsupported(stage, "its WAV header has no data chunk.");
    return undefined;
  }
  const header = Buffer.from(bytes.subarray(0, found.at));
  header.writeUInt32LE(0xffffffff, found.at - 4);
  let skip = found.at;
  let left = found.length;
  return (bytes) => {
    const data = bytes.subarray(skip);
    skip = 0;
    const usable = Math.min(data.length, left);
    const whole = usable - (usable % found.frameBytes);
    left -= whole;
    const rest = left >= found.frameBytes ? data.subarray(whole) : NOTHING;
    return {
      audio: whole > 0 ? decodeBlock(Buffer.concat([header, data.subarray(0, whole)]), stage) : undefined,
      rest,
    };
  };
}

function decodeBlock(file: Buffer, stage: EngineStage): Pcm {
  try {
    return decodeWav(file);
  } catch (error) {
    throw unsupported(stage, error instanceof Error ? error.message : "its WAV header is broken.", error);
  }
}

/** Where the samples begin, and how many bytes of them to expect (Infinity when a streaming writer did not know). */
function findData(bytes: Buffer): { at: number; length: number; frameBytes: number } | undefined {
  let frameBytes = 1;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === "data") {
      return { at: body, length: length === 0 || length === 0xffffffff ? Infinity : length, frameBytes };
    }
    if (id === "fmt " && body + 14 <= bytes.length) frameBytes = Math.max(1, bytes.readUInt16LE(body + 12));
    at = body + length + (length % 2);
  }
  return undefined;
}
