/** Finds in one recording what happens at a given time in another of the same words by the same voice. */
import type { Pcm } from "../../server/realtime/audio/pcm";
import { floatFromPcm } from "../../server/realtime/audio/float";
import { logMel, MEL_BANDS } from "../../server/providers/local/smart-turn/log-mel";

/** For each 10 ms frame of `from`, the frame of `to` that sounds the same, by dynamic time warping. Both at 16 kHz. */
export function align(from: Pcm, to: Pcm): number[] {
  const a = logMel(floatFromPcm(from.samples));
  const b = logMel(floatFromPcm(to.samples));
  const rows = a.length / MEL_BANDS;
  const columns = b.length / MEL_BANDS;
  const costs = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const before = Math.min(
        row === 0 && column === 0 ? 0 : Infinity,
        row > 0 ? costs[(row - 1) * columns + column]! : Infinity,
        column > 0 ? costs[row * columns + column - 1]! : Infinity,
        row > 0 && column > 0 ? costs[(row - 1) * columns + column - 1]! : Infinity,
      );
      costs[row * columns + column] = before + distance();

      function distance(): number {
        let sum = 0;
        for (let band = 0; band < MEL_BANDS; band++) sum += (a[band * rows + row]! - b[band * columns + column]!) ** 2;
        return sum;
      }
    }
  }
  return pathOf(costs, rows, columns);
}

function pathOf(costs: Float64Array, rows: number, columns: number): number[] {
  const path = new Array<number>(rows).fill(0);
  let row = rows - 1;
  let column = columns - 1;
  for (;;) {
    path[row] = column;
    if (row === 0) return path;
    const up = costs[(row - 1) * columns + column]!;
    const left = column > 0 ? costs[row * columns + column - 1]! : Infinity;
    const both = column > 0 ? costs[(row - 1) * columns + column - 1]! : Infinity;
    if (both <= up && both <= left) {
      row -= 1;
      column -= 1;
    } else if (up <= left) row -= 1;
    else column -= 1;
  }
}
