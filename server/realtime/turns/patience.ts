/** How long to wait in a pause, given how surely the speaker is done. */
export type Eagerness = "low" | "medium" | "auto" | "high";

/** The longest pause that is waited out, in ms. */
const LONGEST_MS: Readonly<Record<Eagerness, number>> = { low: 8_000, medium: 4_000, auto: 4_000, high: 2_000 };
/** The shortest: when there is no doubt. */
const SHORTEST_MS: Readonly<Record<Eagerness, number>> = { low: 350, medium: 250, auto: 250, high: 200 };

/** What is no number is no verdict. */
const EVEN_CHANCE = 0.5;

/**
 * Silence in ms, the pause so far included, after which the turn ends. `probability` is 0–1: surely unfinished, surely
 * done. Falls as it rises, steeply at first: half a doubt costs a quarter of the longest wait.
 */
export function waitFor(probability: number, eagerness: Eagerness): number {
  const sure = Number.isNaN(probability) ? EVEN_CHANCE : Math.min(1, Math.max(0, probability));
  return Math.round(SHORTEST_MS[eagerness] + (LONGEST_MS[eagerness] - SHORTEST_MS[eagerness]) * (1 - sure) ** 2);
}
