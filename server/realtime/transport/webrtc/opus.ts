/**
 * Opus, compiled to WebAssembly: mono at 24 kHz both ways, in frames of 20 ms out and of whatever length in. Codecs are
 * freed by hand: nothing waits for a garbage collector.
 */

export const SAMPLE_RATE = 24_000;
/** Samples of 20 ms. */
export const FRAME_SAMPLES = 480;

export interface OpusDecoder {
  /** The samples of one packet, in memory of their own. @throws Error for bytes that are no Opus. */
  decode(packet: Uint8Array): Int16Array;
  /** What a lost frame of so many samples may have sounded like; from the packet after it, if that is there. */
  conceal(samples: number, next?: Uint8Array): Int16Array;
  free(): void;
}

export interface OpusEncoder {
  /** One frame of `FRAME_SAMPLES`. */
  encode(frame: Int16Array): Buffer;
  free(): void;
}

export interface Opus {
  createDecoder(): OpusDecoder;
  createEncoder(): OpusEncoder;
}

interface Codec {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  opus_strerror(code: number): number;
  opus_decoder_get_size(channels: number): number;
  opus_decoder_init(state: number, rate: number, channels: number): number;
  opus_decode(
    ...of: [state: number, data: number, bytes: number, out: number, samples: number, withFec: number]
  ): number;
  opus_encoder_get_size(channels: number): number;
  opus_encoder_init(...of: [state: number, rate: number, channels: number, application: number]): number;
  opus_encode(...of: [state: number, samples: number, count: number, out: number, bytes: number]): number;
  opus_encoder_ctl_set(state: number, request: number, value: number): number;
}

/** The longest packet that Opus knows: 120 ms. */
const MAX_SAMPLES = (SAMPLE_RATE * 120) / 1000;
const MAX_PACKET_BYTES = 1500;
/** Packets of a megabyte are an attack. */
const MAX_INPUT_BYTES = 8192;
/** Concealment is asked for in steps of 2.5 ms. */
const STEP = SAMPLE_RATE / 400;

const VOIP = 2048;
/** Requests of `opus_encoder_ctl`, and what suits speech over a network that loses some. */
const ENCODER_SETTINGS: readonly (readonly [request: number, value: number])[] = [
  [4002, 32_000], // bit rate
  [4010, 5], // complexity: what more buys, nobody hears in speech
  [4012, 1], // each packet carries a coarse copy of the one before
  [4014, 5], // expected loss in per cent
  [4024, 3001], // signal: voice
];

/** `wasm` is the compiled codec of the package `@evan/opus`. */
export async function createOpus(wasm: Uint8Array): Promise<Opus> {
  const nothing = (): number => 0;
  const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm), {
    wasi_snapshot_preview1: { fd_seek: nothing, fd_write: nothing, fd_close: nothing, proc_exit: nothing },
    env: { emscripten_notify_memory_growth: nothing },
  });
  const codec = instance.exports as unknown as Codec;
  codec._initialize();
  const scratch: Scratch = { input: codec.malloc(MAX_INPUT_BYTES), output: codec.malloc(MAX_SAMPLES * 2) };
  return {
    createDecoder: () => new Decoder(codec, scratch),
    createEncoder: () => new Encoder(codec, scratch),
  };
}

/** Memory that all codecs share: each call is over before the next one begins. */
interface Scratch {
  readonly input: number;
  readonly output: number;
}

function check(codec: Codec, code: number): number {
  if (code >= 0) return code;
  const bytes = new Uint8Array(codec.memory.buffer, codec.opus_strerror(code), 64);
  throw new Error(`Opus: ${Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString("latin1")}`);
}

class Decoder implements OpusDecoder {
  private state: number;

  constructor(
    private readonly codec: Codec,
    private readonly scratch: Scratch,
  ) {
    this.state = codec.malloc(codec.opus_decoder_get_size(1));
    check(codec, codec.opus_decoder_init(this.state, SAMPLE_RATE, 1));
  }

  decode(packet: Uint8Array): Int16Array {
    return this.run({ packet, samples: MAX_SAMPLES, fec: false });
  }

  conceal(samples: number, next?: Uint8Array): Int16Array {
    const wanted = Math.min(MAX_SAMPLES, Math.max(STEP, Math.round(samples / STEP) * STEP));
    return this.run({ packet: next, samples: wanted, fec: next !== undefined });
  }

  free(): void {
    if (this.state !== 0) this.codec.free(this.state);
    this.state = 0;
  }

  private run({ packet, samples, fec }: { packet: Uint8Array | undefined; samples: number; fec: boolean }): Int16Array {
    const { codec, scratch } = this;
    if (this.state === 0) return new Int16Array(0);
    if (packet !== undefined && (packet.length === 0 || packet.length > MAX_INPUT_BYTES))
      throw new Error("Opus: a packet of an impossible length");
    if (packet !== undefined) new Uint8Array(codec.memory.buffer).set(packet, scratch.input);
    const data = packet === undefined ? 0 : scratch.input;
    const count = codec.opus_decode(this.state, data, packet?.length ?? 0, scratch.output, samples, fec ? 1 : 0);
    return new Int16Array(codec.memory.buffer, scratch.output, check(codec, count)).slice();
  }
}

class Encoder implements OpusEncoder {
  private state: number;

  constructor(
    private readonly codec: Codec,
    private readonly scratch: Scratch,
  ) {
    this.state = codec.malloc(codec.opus_encoder_get_size(1));
    check(codec, codec.opus_encoder_init(this.state, SAMPLE_RATE, 1, VOIP));
    for (const [request, value] of ENCODER_SETTINGS)
      check(codec, codec.opus_encoder_ctl_set(this.state, request, value));
  }

  encode(frame: Int16Array): Buffer {
    const { codec, scratch } = this;
    if (this.state === 0) return Buffer.alloc(0);
    new Int16Array(codec.memory.buffer, scratch.output, FRAME_SAMPLES).set(frame.subarray(0, FRAME_SAMPLES));
    const bytes = codec.opus_encode(this.state, scratch.output, FRAME_SAMPLES, scratch.input, MAX_PACKET_BYTES);
    return Buffer.from(new Uint8Array(codec.memory.buffer, scratch.input, check(codec, bytes)));
  }

  free(): void {
    if (this.state !== 0) this.codec.free(this.state);
    this.state = 0;
  }
}
