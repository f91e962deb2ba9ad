/** Axes of charts: round ticks in the unit that suits what is shown, and no two with the same words. */
import { compact, count } from "./format";
import { ticksFor } from "./ticks";

export interface Axis {
  readonly ticks: readonly number[];
  /** Of a tick, or of a value between. */
  readonly label: (value: number) => string;
}

const UNITS = [
  { upTo: 1, name: "s", inMinutes: 1 / 60 },
  { upTo: 120, name: "min", inMinutes: 1 },
  { upTo: Infinity, name: "h", inMinutes: 60 },
] as const;

function unitOf(minutes: number) {
  return UNITS.find(({ upTo }) => minutes < upTo) ?? UNITS[2];
}

/** `42 s`, `12.5 min`, `3.2 h`. */
export function minutesInWords(minutes: number): string {
  const { name, inMinutes } = unitOf(minutes);
  return `${compact(minutes / inMinutes)} ${name}`;
}

export function minutesAxis(greatest: number): Axis {
  const { name, inMinutes } = unitOf(greatest);
  const ticks = ticksFor(greatest / inMinutes, { leastStep: name === "s" ? 1 : 0 });
  return { ticks: ticks.map((tick) => tick * inMinutes), label: (value) => `${plain(value / inMinutes)} ${name}` };
}

export function countAxis(greatest: number): Axis {
  return {
    ticks: ticksFor(greatest, { leastStep: 1 }),
    label: (value) => (value < 10_000 ? count(value) : compact(value)),
  };
}

/** Of millionths of the currency. As many decimals as the step between two ticks asks for. */
export function moneyAxis(greatest: number, currency = "USD"): Axis {
  const ticks = ticksFor(greatest / 1_000_000, { leastStep: 0.000_001 });
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const digits = step >= 1 && Number.isInteger(step) ? 0 : Math.max(2, decimalsOf(step));
  const words = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    notation: step >= 1_000 ? "compact" : "standard",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return { ticks: ticks.map((tick) => tick * 1_000_000), label: (value) => words.format(value / 1_000_000) };
}

/** Of 0.25: two. */
function decimalsOf(step: number): number {
  const first = Math.max(0, -Math.floor(Math.log10(step)));
  return Number.isInteger(Number((step * 10 ** first).toPrecision(9))) ? first : first + 1;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(4)));
}
