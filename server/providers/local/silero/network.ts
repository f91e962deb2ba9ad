/**
 * Silero v6 as a graph that is made for batches. The one in the model's file runs its convolutions stream by stream, on
 * 4 columns each; here all streams of a batch go through each step as one large product of matrices, with the file's own
 * weights and the same result (to the sixth decimal), at a quarter of the cost.
 */
import { contextSamples, frameSamples, STATE_SIZE, type SileroRate } from "./shape";
import { readWeights, writeModel, type GraphNode, type Weights } from "./onnx-file";

/** Where the weights for a rate lie in the file. */
const BRANCH: Readonly<Record<SileroRate, string>> = {
  16_000: "If_0_then_branch__Inline_0__",
  8_000: "If_0_else_branch__Inline_0__",
};

/** Windows of the spectrum in one frame; each is as long as two steps, and the next begins a step later. */
const WINDOWS = 4;
/** Encoder layers: how many windows apart their outputs lie. Each looks at three neighbours. */
const STRIDES = [1, 2, 2, 1];
const TAPS = 3;

/** The ONNX file of the network for one rate, made of the file that Silero comes in. Throws when that is another model. */
export function buildNetwork(file: Buffer, rate: SileroRate): Buffer {
  return new Builder(readWeights(file), rate).build();
}

class Builder {
  readonly #source: ReadonlyMap<string, Weights>;
  readonly #rate: SileroRate;
  /** Samples from one window of the spectrum to the next. */
  readonly #step: number;
  readonly #nodes: GraphNode[] = [];
  readonly #weights: Record<string, Weights> = {};
  readonly #integers: Record<string, readonly number[]> = {};
  #names = 0;

  constructor(source: ReadonlyMap<string, Weights>, rate: SileroRate) {
    this.#source = source;
    this.#rate = rate;
    this.#step = frameSamples(rate) / WINDOWS;
  }

  build(): Buffer {
    let windows = this.#spectrum();
    for (const [layer, stride] of STRIDES.entries()) windows = this.#encode(windows, layer, stride);
    this.#decode(windows[0]!);
    return writeModel({
      nodes: this.#nodes,
      weights: this.#weights,
      integers: this.#integers,
      inputs: { input: contextSamples(this.#rate) + frameSamples(this.#rate), state: STATE_SIZE },
      outputs: { output: 1, stateN: STATE_SIZE },
    });
  }

  /** The magnitudes of each window: the even frequencies, then the odd ones. */
  #spectrum(): string[] {
    const halves = this.#halves();
    const shape = this.#window();
    const left = this.#op("Mul", [this.#op("Concat", halves.slice(0, WINDOWS), { axis: 0 }), shape[0]!]);
    const right = this.#op("Mul", [this.#op("Concat", halves.slice(1), { axis: 0 }), shape[1]!]);
    // As in a fast Fourier transform: half a window later, an even frequency stands where it stood, an odd one opposite.
    const even = this.#magnitudes(this.#op("Add", [left, right]), 0);
    const odd = this.#magnitudes(this.#op("Sub", [left, right]), 1);
    return this.#split(this.#op("Concat", [even, odd], { axis: 1 }), { parts: WINDOWS, axis: 0 });
  }

  /** The samples step by step. The last window goes half a step beyond the end, where the sound is mirrored. */
  #halves(): string[] {
    this.#integers["mirrored"] = [0, 0, 0, this.#step / 2];
    const padded = this.#op("Pad", ["input", "mirrored"], { mode: "reflect" });
    this.#integers["steps"] = new Array<number>(WINDOWS + 1).fill(this.#step);
    return this.#split(padded, { parts: WINDOWS + 1, axis: 1, sizes: "steps" });
  }

  /** The first row of the file's transform is that of frequency 0, which is the window itself. Its two halves. */
  #window(): string[] {
    const { values } = this.#take("stft.forward_basis_buffer");
    return [0, this.#step].map((start) =>
      this.#constant({ dims: [this.#step], values: values.slice(start, start + this.#step) }),
    );
  }

  #magnitudes(samples: string, first: 0 | 1): string {
    const squares = [Math.cos, Math.sin].map((wave) => {
      const part = this.#op("MatMul", [samples, this.#waves(wave, first)]);
      return this.#op("Mul", [part, part]);
    });
    return this.#op("Sqrt", [this.#op("Add", squares)]);
  }

  /** Every second frequency, one a column. */
  #waves(wave: (angle: number) => number, first: 0 | 1): string {
    const frequencies = frequenciesOf(this.#step, first);
    const values = new Float32Array(this.#step * frequencies.length);
    for (let sample = 0; sample < this.#step; sample++) {
      for (const [column, frequency] of frequencies.entries()) {
        values[sample * frequencies.length + column] = wave((Math.PI * frequency * sample) / this.#step);
      }
    }
    return this.#constant({ dims: [this.#step, frequencies.length], values });
  }

  /** A convolution over the windows, as one product for each neighbour that there is. */
  #encode(windows: readonly string[], layer: number, stride: number): string[] {
    const name = `encoder.${layer}.reparam_conv`;
    const weights = this.#take(`${name}.weight`);
    const bias = this.#constant(this.#take(`${name}.bias`));
    const taps: string[] = [];
    const outputs = Math.ceil(windows.length / stride);
    return Array.from({ length: outputs }, (_, output) => {
      let sum = bias;
      for (let tap = 0; tap < TAPS; tap++) {
        const window = windows[output * stride + tap - 1];
        if (window === undefined) continue;
        const matrix = (taps[tap] ??= this.#tap(weights, tap, layer === 0));
        sum = this.#op("Gemm", [window, matrix, sum]);
      }
      return this.#op("Relu", [sum]);
    });
  }

  /** The matrix for one neighbour. The first layer gets its frequencies in another order than the file has them. */
  #tap({ dims: [outputs = 0, inputs = 0], values }: Weights, tap: number, reordered: boolean): string {
    const order = reordered
      ? [...frequenciesOf(this.#step, 0), ...frequenciesOf(this.#step, 1)]
      : Array.from({ length: inputs }, (_, input) => input);
    const matrix = new Float32Array(inputs * outputs);
    for (const [row, input] of order.entries()) {
      for (let output = 0; output < outputs; output++) {
        matrix[row * outputs + output] = values[(output * inputs + input) * TAPS + tap]!;
      }
    }
    return this.#constant({ dims: [inputs, outputs], values: matrix });
  }

  /** The memory (a cell of an LSTM), and what it says. */
  #decode(encoded: string): void {
    const [hidden = "", cell = ""] = this.#split("state", { parts: 2, axis: 1 });
    const heard = this.#gemm(encoded, "decoder.rnn.weight_ih", this.#constant(this.#take("decoder.rnn.bias_ih")));
    const biased = this.#op("Add", [heard, this.#constant(this.#take("decoder.rnn.bias_hh"))]);
    const gates = this.#gemm(hidden, "decoder.rnn.weight_hh", biased);
    const [enter = "", keep = "", news = "", show = ""] = this.#split(gates, { parts: 4, axis: 1 });
    const kept = this.#op("Mul", [this.#op("Sigmoid", [keep]), cell]);
    const entered = this.#op("Mul", [this.#op("Sigmoid", [enter]), this.#op("Tanh", [news])]);
    const newCell = this.#op("Add", [kept, entered]);
    const newHidden = this.#op("Mul", [this.#op("Sigmoid", [show]), this.#op("Tanh", [newCell])]);
    this.#add({ op: "Concat", inputs: [newHidden, newCell], outputs: ["stateN"], attributes: { axis: 1 } });
    const bias = this.#constant(this.#take("decoder.decoder.2.bias"));
    const said = this.#gemm(this.#op("Relu", [newHidden]), "decoder.decoder.2.weight", bias);
    this.#add({ op: "Sigmoid", inputs: [said], outputs: ["output"] });
  }

  /** Rows through a matrix that the file keeps one output a row. */
  #gemm(rows: string, weight: string, bias: string): string {
    const { dims, values } = this.#take(weight);
    const matrix = this.#constant({ dims: dims.slice(0, 2), values });
    return this.#op("Gemm", [rows, matrix, bias], { transB: 1 });
  }

  #take(name: string): Weights {
    const weights = this.#source.get(BRANCH[this.#rate] + name);
    if (weights === undefined) throw new Error(`This is not the Silero model that is known here: it has no "${name}".`);
    return weights;
  }

  #constant(weights: Weights): string {
    const name = this.#name();
    this.#weights[name] = weights;
    return name;
  }

  #split(input: string, { parts, axis, sizes }: { parts: number; axis: number; sizes?: string }): string[] {
    const outputs = Array.from({ length: parts }, () => this.#name());
    const inputs = sizes === undefined ? [input] : [input, sizes];
    this.#add({ op: "Split", inputs, outputs, attributes: { axis } });
    return outputs;
  }

  #op(op: string, inputs: readonly string[], attributes: GraphNode["attributes"] = {}): string {
    const output = this.#name();
    this.#add({ op, inputs, outputs: [output], attributes });
    return output;
  }

  #add(node: GraphNode): void {
    this.#nodes.push(node);
  }

  #name(): string {
    this.#names += 1;
    return `v${this.#names}`;
  }
}

/** Of a window of two steps: every second one, from 0 to `step`. */
function frequenciesOf(step: number, first: 0 | 1): number[] {
  const count = Math.floor((step - first) / 2) + 1;
  return Array.from({ length: count }, (_, index) => first + 2 * index);
}
