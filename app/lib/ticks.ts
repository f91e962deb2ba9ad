/** Where an axis is marked: at round figures, few of them, and the last one at or above the greatest value. */

/** Steps of a decade that people count by. */
const STEPS = [1, 2, 2.5, 5, 10];

export interface TickOptions {
  /** Spaces between ticks, about. Default: 3. */
  readonly about?: number;
  /** Smaller steps make no sense, as for whole things. */
  readonly leastStep?: number;
}

export function ticksFor(greatest: number, { about = 3, leastStep = 0 }: TickOptions = {}): number[] {
  if (!(greatest > 0)) return [0, leastStep || 1];
  const rough = Math.max(greatest / about, leastStep);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const steps = leastStep >= 1 && decade < 10 ? STEPS.filter((each) => Number.isInteger(each * decade)) : STEPS;
  const step = (steps.find((each) => each * decade >= rough * 0.999) ?? 10) * decade;
  const count = Math.ceil((greatest / step) * 0.999);
  // 0.1 × 3 is not 0.3.
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}
