// Runs in the browser's audio thread: the microphone at the device's own rate comes in, 24 kHz PCM16 goes out in chunks
// of 40 ms. It is a file of its own, plain JavaScript, so that a strict content security policy can allow it as 'self'.

const OUTPUT_RATE = 24000;
const CHUNK_SAMPLES = 960;
/** Kaiser window of about 72 dB. */
const BETA = 7;
/** Half the filter's length, in samples of whichever rate is lower. */
const HALF_TAPS = 24;

function besselI0(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A windowed sinc, cut off just below half of the lower rate, at `t` input samples from its middle. */
function kernel(t, half, cutoff) {
  if (Math.abs(t) >= half) return 0;
  const x = Math.PI * cutoff * t;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  return (cutoff * sinc * besselI0(BETA * Math.sqrt(1 - (t / half) ** 2))) / besselI0(BETA);
}

/** Exact polyphase resampler: positions are counted in whole numbers, so an hour of audio does not drift. */
class Resampler {
  constructor(inputRate) {
    const divisor = greatestCommonDivisor(inputRate, OUTPUT_RATE);
    this.phases = OUTPUT_RATE / divisor;
    this.step = inputRate / divisor;
    const lower = Math.min(inputRate, OUTPUT_RATE);
    this.half = Math.ceil((HALF_TAPS * inputRate) / lower);
    this.filters = Array.from({ length: this.phases }, (_, phase) => this.filter(phase, (0.9 * lower) / inputRate));
    this.buffer = new Float32Array(4096 + 2 * this.half);
    this.length = this.half - 1;
    this.position = this.half - 1;
    this.phase = 0;
  }

  /** Each phase is scaled to a gain of one, so that a constant level stays constant. */
  filter(phase, cutoff) {
    const taps = Float32Array.from({ length: 2 * this.half }, (_, k) =>
      kernel(k - this.half + 1 - phase / this.phases, this.half, cutoff),
    );
    const gain = taps.reduce((sum, tap) => sum + tap, 0);
    return taps.map((tap) => tap / gain);
  }

  push(input, emit) {
    this.buffer.set(input, this.length);
    this.length += input.length;
    while (this.position + this.half < this.length) {
      emit(this.sample());
      this.phase += this.step;
      this.position += Math.floor(this.phase / this.phases);
      this.phase %= this.phases;
    }
    const done = Math.min(this.position - this.half + 1, this.length);
    this.buffer.copyWithin(0, done, this.length);
    this.length -= done;
    this.position -= done;
  }

  sample() {
    const taps = this.filters[this.phase];
    const first = this.position - this.half + 1;
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k] * this.buffer[first + k];
    return sum;
  }
}

function mixToMono(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, i) => channels.reduce((sum, channel) => sum + channel[i], 0) / channels.length);
}

/**
 * Posts `{ type: "chunk", samples: ArrayBuffer, level }`, level being the chunk's RMS from 0 to 1. `{ type: "flush", id }`
 * is answered with what is left of the current chunk and `{ type: "flushed", id }`; `{ type: "close" }` ends it.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.startChunk();
    this.open = true;
    this.emit = (sample) => this.add(sample);
    this.port.onmessage = ({ data }) => {
      if (data.type === "close") this.open = false;
      if (data.type === "flush") {
        this.postChunk();
        this.port.postMessage({ type: "flushed", id: data.id });
      }
    };
  }

  process(inputs) {
    const channels = inputs[0];
    if (channels && channels.length > 0 && channels[0].length > 0) this.resampler.push(mixToMono(channels), this.emit);
    return this.open;
  }

  startChunk() {
    this.chunk = new Int16Array(CHUNK_SAMPLES);
    this.filled = 0;
    this.energy = 0;
  }

  add(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.energy += clipped * clipped;
    this.chunk[this.filled++] = Math.round(clipped * 32767);
    if (this.filled === CHUNK_SAMPLES) this.postChunk();
  }

  postChunk() {
    if (this.filled === 0) return;
    const samples = this.chunk.slice(0, this.filled).buffer;
    this.port.postMessage({ type: "chunk", samples, level: Math.sqrt(this.energy / this.filled) }, [samples]);
    this.startChunk();
  }
}

registerProcessor("antiphon-capture", CaptureProcessor);
