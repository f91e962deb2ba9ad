import { stem } from "./vocabulary";

/** Stems of units of time, in seconds. */
export const UNITS: readonly (readonly [string, number])[] = [
  [stem("second"), 1],
  [stem("minute"), 60],
  [stem("hour"), 3_600],
  [stem("day"), 86_400],
];

export function isUnit(word: string): boolean {
  const stemmed = stem(word);
  return UNITS.some(([each]) => each === stemmed);
}
