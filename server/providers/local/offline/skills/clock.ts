import { sentence } from "../sentences";
import type { Skill, SkillContext } from "../skill";
import { matches } from "./matches";

const AT_PRESENT = /(?: (?:today|to day|now|currently|here|at the moment))+$/;
const TIME = [
  /^(?:what is )?(?:the )?(?:current |exact |local )?time$/,
  /^what time (?:is it|it is|is this|do you have)$/,
  /^(?:do you have|have you got) the time$/,
];
const DATE = [
  /^(?:what|which) (?:day|date)(?: of the (?:week|month))?(?: is it| it is| is this| do we have)?(?: the day)?$/,
  /^(?:what is )?(?:the |today's )?(?:current )?(?:date|day)(?: of today)?$/,
  /^what is (?:it )?today$/,
];
const OTHER_DAY =
  /^(?:what|which) (?:(?:day|date) )?(?:is|was|will) (?:it )?(?:be )?(tomorrow|yesterday)(?: be|'s date)?$/;
const MONTH = /^(?:(?:what|which) month (?:is it|it is|is this|are we in)|(?:what is )?the (?:current )?month)$/;
const YEAR = /^(?:(?:what|which) year (?:is it|it is|is this|are we in)|(?:what is )?the (?:current )?year)$/;
const PLACE = /^(?<asked>.+?) in (?<place>.+)$/;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time, here and in other cities, and the date. */
export const clock: Skill = ({ core }, context) => {
  const asked = core.replace(AT_PRESENT, "");
  const elsewhere = PLACE.exec(asked)?.groups;
  if (elsewhere && matches(TIME, elsewhere.asked!)) return timeIn(elsewhere.place!, context);
  if (matches(TIME, asked)) return `It is ${timeOf(context)}.`;
  if (matches(DATE, asked) || matches(DATE, core)) return `Today is ${dateOf(context)}.`;
  const other = OTHER_DAY.exec(asked)?.[1];
  if (other === "tomorrow") return `Tomorrow is ${dateOf(moved(context, DAY_MS))}.`;
  if (other === "yesterday") return `Yesterday was ${dateOf(moved(context, -DAY_MS))}.`;
  if (MONTH.test(asked)) return `It is ${format(context, { month: "long", year: "numeric" })}.`;
  if (YEAR.test(asked)) return `It is ${format(context, { year: "numeric" })}.`;
  return undefined;
};

function timeIn(place: string, context: SkillContext): string {
  const timeZone = zoneOf(place);
  const name = place.replace(/(?<![\p{L}])\p{L}/gu, (letter) => letter.toUpperCase());
  if (timeZone === undefined) return sentence(`I do not know the time in ${name}; here it is ${timeOf(context)}`);
  return sentence(`In ${name} it is ${timeOf({ ...context, timeZone })}`);
}

/** `new york` is America/New_York: zones are named after their largest city. */
function zoneOf(place: string): string | undefined {
  const wanted = place.replace(/^the /, "").replaceAll(" ", "_");
  if (["utc", "gmt", "universal_time"].includes(wanted)) return "UTC";
  return Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase().split("/").at(-1) === wanted);
}

function moved(context: SkillContext, ms: number): SkillContext {
  return { ...context, now: new Date(context.now.getTime() + ms) };
}

function timeOf(context: SkillContext): string {
  return format(context, { hour: "numeric", minute: "2-digit" });
}

function dateOf(context: SkillContext): string {
  return format(context, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

function format({ now, locale, timeZone }: SkillContext, parts: Intl.DateTimeFormatOptions): string {
  // Some locales put a narrow space before AM and PM, which voices stumble over.
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone }).format(now).replace(/\s/g, " ");
}
