import type { Request } from "./request";

const DAY_MS = 24 * 60 * 60 * 1000;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const RELATIVE: Readonly<Record<string, number>> = { today: 0, tonight: 0, tomorrow: 1, yesterday: -1 };

/** A date, time or both as the schema's `format` wants them, in this machine's time zone; undefined for other formats. */
export function dateArgument(request: Request, format: string | undefined): string | undefined {
  switch (format) {
    case "date":
      return dayIn(request);
    case "time":
      return timeIn(request);
    case "date-time":
      return bothIn(request);
    default:
      return undefined;
  }
}

/** `tomorrow`, `monday`: words that name a day without a preposition. */
export function isDayWord(word: string): boolean {
  return Object.hasOwn(RELATIVE, word) || WEEKDAYS.includes(word);
}

function bothIn(request: Request): string | undefined {
  const day = dayIn(request);
  const time = timeIn(request);
  if (day === undefined && time === undefined) return undefined;
  return `${day ?? isoDay(request.now, 0)}T${time ?? "00:00:00"}`;
}

function dayIn(request: Request): string | undefined {
  const written = request.word((word) => /^\d{4}-\d\d-\d\d$/.test(word));
  if (written !== undefined) return written;
  const relative = request.word((word) => Object.hasOwn(RELATIVE, word))?.toLowerCase();
  if (relative !== undefined) return isoDay(request.now, RELATIVE[relative]!);
  const weekday = request.word((word) => WEEKDAYS.includes(word))?.toLowerCase();
  if (weekday === undefined) return undefined;
  return isoDay(request.now, (WEEKDAYS.indexOf(weekday) - request.now.getDay() + 7) % 7 || 7);
}

/** `10:30`, `7 pm`, `seven pm`. */
function timeIn(request: Request): string | undefined {
  const match = /\b([01]?\d|2[0-3])(?::([0-5]\d))? ?([ap])\.?m\b|\b([01]?\d|2[0-3]):([0-5]\d)\b/i.exec(request.text);
  const half = match?.[3]?.toLowerCase();
  if (match) return clock({ hour: Number(match[1] ?? match[4]), minute: Number(match[2] ?? match[5] ?? 0), half });
  const spoken = request.number(({ after }) => /^[ap]m$/.test(after[0] ?? ""));
  return spoken && clock({ hour: Math.floor(spoken.value), minute: 0, half: spoken.after[0]![0] });
}

function clock({ hour, minute, half }: { hour: number; minute: number; half: string | undefined }): string {
  const shifted = half === undefined ? hour : (hour % 12) + (half === "p" ? 12 : 0);
  return [shifted % 24, minute, 0].map((each) => String(each).padStart(2, "0")).join(":");
}

function isoDay(now: Date, days: number): string {
  const day = new Date(now.getTime() + days * DAY_MS);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((each) => String(each).padStart(2, "0")).join("-");
}
