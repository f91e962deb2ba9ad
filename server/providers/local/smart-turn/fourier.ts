/** Discrete Fourier transforms of a fixed size that falls apart into small factors, such as 400 = 4 × 4 × 5 × 5. */
export class Fourier {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #factors: readonly number[];
  readonly #scratchRe: Float64Array;
  readonly #scratchIm: Float64Array;

  constructor(private readonly size: number) {
    this.#cos = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: size }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    this.#factors = factorsOf(size);
    this.#scratchRe = new Float64Array(size);
    this.#scratchIm = new Float64Array(size);
  }

  /** In place: the arrays have the transform's size. */
  run(re: Float64Array, im: Float64Array): void {
    let from: Complex = { re, im };
    let to: Complex = { re: this.#scratchRe, im: this.#scratchIm };
    let done = 1;
    for (const factor of this.#factors) {
      this.#pass(from, to, { factor, done });
      [from, to] = [to, from];
      done *= factor;
    }
    if (from.re === re) return;
    re.set(from.re);
    im.set(from.im);
  }

  /** One step of Stockham's method: joins `factor` transforms of size `done` into one, in order, without bit reversal. */
  #pass(from: Complex, to: Complex, { factor, done }: { factor: number; done: number }): void {
    const { size } = this;
    const blocks = size / (factor * done);
    for (let k = 0; k < done; k++) {
      for (let out = 0; out < factor; out++) {
        const turn = (k + out * done) * blocks;
        for (let block = 0; block < blocks; block++) {
          let re = 0;
          let im = 0;
          for (let part = 0, angle = 0, at = block * done + k; part < factor; part++, at += blocks * done) {
            const cos = this.#cos[angle]!;
            const sin = this.#sin[angle]!;
            re += from.re[at]! * cos - from.im[at]! * sin;
            im += from.re[at]! * sin + from.im[at]! * cos;
            angle += turn;
            if (angle >= size) angle -= size;
          }
          const at = (block * factor + out) * done + k;
          to.re[at] = re;
          to.im[at] = im;
        }
      }
    }
  }
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Fours first: fewer passes over the data than twos. */
function factorsOf(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (const factor of [4, 2, 3, 5, 7]) {
    for (; rest % factor === 0; rest /= factor) factors.push(factor);
  }
  if (rest > 1) factors.push(rest);
  return factors;
}
