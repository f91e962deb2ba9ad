import { clipped, listed, sentence, spokenName } from "../sentences";
import { spokenNumber } from "../spoken-number";
import type { ToolResult } from "../conversation";

const MOST_CHARACTERS = 700;
const MOST_FACTS = 8;
const MOST_ENTRIES = 3;
const DEEPEST = 3;

/** Fields that hold the whole answer in words. */
const ANSWERS = ["answer", "message", "text", "summary", "result", "output", "content", "response", "speech", "value"];
/** Fields that tell only whether it worked. */
const OUTCOMES = ["ok", "success", "succeeded", "status", "done"];
const FAILURES = ["error", "errors", "error_message"];

/** What tools gave back, as something that can be read aloud. */
export function spokenResults(results: readonly ToolResult[]): string {
  const spoken = results.map(({ name, output }) => {
    const said = spokenResult(output);
    return results.length > 1 && name !== undefined ? `${sentence(spokenName(name)).slice(0, -1)}: ${said}` : said;
  });
  return spoken.join(" ");
}

/** One output: JSON becomes a sentence, text stays text. */
export function spokenResult(output: string): string {
  const text = output.trim() || "null";
  const value = parsed(text);
  return clipped(value === undefined ? plainText(text) : spokenValue(value), MOST_CHARACTERS);
}

function parsed(text: string): unknown {
  if (!/^[[{"\d-]|^(?:true|false|null)$/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // JSON within JSON is common: some clients encode twice.
    return typeof value === "string" ? (parsed(value.trim()) ?? value) : value;
  } catch {
    return undefined;
  }
}

function spokenValue(value: unknown): string {
  if (value === null || value === true || value === "") return "That is done.";
  if (value === false) return "That did not work.";
  if (typeof value === "string") return plainText(value);
  if (typeof value === "number") return `The result is ${spokenNumber(value)}.`;
  return Array.isArray(value) ? spokenList(value) : spokenObject(value as Record<string, unknown>);
}

function spokenList(list: readonly unknown[]): string {
  if (list.length === 0) return "There are no results.";
  const texts = contentTexts(list);
  if (texts.length > 0) return plainText(texts.join(" "));
  const shown = list.slice(0, list.every(isScalar) ? MOST_FACTS : MOST_ENTRIES).map((each) => phrase(each, 0));
  const more = list.length > shown.length ? ` And ${list.length - shown.length} more.` : "";
  if (list.every(isScalar)) return `${sentence(listed(shown))}${more}`;
  const count = list.length === 1 ? "There is one result" : `There are ${list.length} results`;
  return `${count}: ${shown.map((each) => `${each}.`).join(" ")}${more}`;
}

/** MCP's way of giving text: `[{ type: "text", text }]`. */
function contentTexts(list: readonly unknown[]): string[] {
  return list.flatMap((each) => {
    const { type, text } = isObject(each) ? each : {};
    return type === "text" && typeof text === "string" ? [text] : [];
  });
}

function spokenObject(object: Record<string, unknown>): string {
  for (const key of FAILURES) {
    const failure = object[key];
    if (failure)
      return `That did not work: ${sentence(phrase(isObject(failure) ? (failure.message ?? failure) : failure, 0))}`;
  }
  if (Array.isArray(object.content) && contentTexts(object.content).length > 0) return spokenList(object.content);
  const facts = factsOf(object);
  const others = facts.filter(([key]) => !OUTCOMES.includes(key));
  if (others.length === 0) return didWork(object) ? "That is done." : "That did not work.";
  const [key, only] = others[0]!;
  if (others.length === 1 && ANSWERS.includes(key)) return spokenValue(only);
  const answer = others.find(
    ([each, value]) => ANSWERS.slice(0, 4).includes(each) && typeof value === "string" && /\s/.test(value),
  );
  if (answer) return plainText(String(answer[1]));
  return sentence(listed(statements(others)));
}

function didWork(object: Record<string, unknown>): boolean {
  return OUTCOMES.every(
    (key) => !(key in object) || !/^(?:false|0|fail(?:ed|ure)?|error|denied)$/i.test(String(object[key])),
  );
}

function statements(facts: readonly (readonly [string, unknown])[]): string[] {
  const shown = facts.slice(0, MOST_FACTS).map(([key, value]) => `the ${nameOf(key)} is ${phrase(value, 1)}`);
  return facts.length > shown.length ? [...shown, `there are ${facts.length - shown.length} more facts`] : shown;
}

/** What is left of an object for listeners: no empty fields, and a unit with the number it belongs to. */
function factsOf(object: Record<string, unknown>): [string, unknown][] {
  const { unit, units } = object;
  const facts = Object.entries(object).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const numbers = facts.filter(([, value]) => typeof value === "number");
  const measure = unit ?? units;
  if (typeof measure !== "string" || numbers.length !== 1) return facts;
  return facts
    .filter(([key]) => key !== "unit" && key !== "units")
    .map(([key, value]) => (typeof value === "number" ? [key, `${spokenNumber(value)} ${measure}`] : [key, value]));
}

/** A value within a sentence. */
function phrase(value: unknown, depth: number): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return spokenNumber(value);
  if (typeof value === "string") return plainText(value).replace(/\.$/, "") || "empty";
  if (depth >= DEEPEST) return "more than I can read aloud";
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_FACTS).map((each) => phrase(each, depth + 1));
    return value.length === 0 ? "none" : listed(shown);
  }
  const facts = factsOf(value as Record<string, unknown>).slice(0, MOST_FACTS);
  return facts.length === 0 ? "empty" : listed(facts.map(([key, each]) => `${nameOf(key)} ${phrase(each, depth + 1)}`));
}

/** `temperatureC` is `temperature c`; names that are no words stay as they are. */
function nameOf(key: string): string {
  return spokenName(key) || "value";
}

/** Without the marks that make sense on a page only. */
function plainText(text: string): string {
  return text
    .replace(/```[^\n]*|[*_#>`|]+/g, (marks) => (marks === "_" ? "_" : " "))
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .replace(/\s+([.,!?;:])/g, "$1")
    .trim();
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
