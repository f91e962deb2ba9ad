import type { FunctionTool } from "../../../../realtime/engine/types";
import { spokenName } from "../sentences";
import { dateArgument, isDayWord } from "./dates";
import { OTHER_TEXT, phraseAfter, remainder, TEXT_KINDS, withCapitals, type TextKind } from "./phrases";
import { Request } from "./request";
import { readSchema, type Property, type Schema } from "./schema";
import { UNITS } from "./units";
import { contentStems, soundsLike, stem } from "./vocabulary";

const DEEPEST = 4;
const MOST_PROPERTIES = 50;

/** An argument to fill. */
interface Slot {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly depth: number;
}

/**
 * Arguments for a call, as JSON: taken from the words where the schema says enough, otherwise the schema's defaults.
 * Required ones are always there; others only when something was said for them.
 */
export function argumentsFor(tool: FunctionTool, text: string, now: Date): string {
  const filler = new Filler(new Request(text, now), `${tool.name} ${tool.description ?? ""}`);
  return JSON.stringify(filler.object(readSchema(tool.parameters), 0));
}

class Filler {
  constructor(
    private readonly request: Request,
    private readonly toolWords: string,
  ) {}

  object(schema: Schema, depth: number): Record<string, unknown> {
    const slots = schema.properties.slice(0, MOST_PROPERTIES).map((each) => slotOf(each, depth));
    const found = new Map<string, unknown>();
    // Those that know their words take them first; the open ones share what is left.
    for (const slot of slots.toSorted((a, b) => precedence(a) - precedence(b))) {
      const value = this.said(slot);
      if (value !== undefined) found.set(slot.name, value);
    }
    for (const slot of slots) {
      if (found.has(slot.name) || !(slot.required || slot.schema.hasDefault)) continue;
      found.set(slot.name, slot.schema.hasDefault ? slot.schema.default : this.standIn(slot));
    }
    return Object.fromEntries(slots.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name)]] : [])));
  }

  /** What was said for it; undefined when nothing was. */
  private said(slot: Slot): unknown {
    const { schema } = slot;
    if (schema.choices.length > 0) return this.choice(schema.choices);
    switch (schema.type) {
      case "number":
      case "integer":
        return this.number(slot);
      case "boolean":
        return this.boolean(slot);
      case "array":
        return this.array(slot);
      case "object":
        return this.nested(slot);
      case "null":
        return undefined;
      case "string":
      case undefined:
        return this.text(slot);
      default:
        return schema.type satisfies never;
    }
  }

  private choice(choices: readonly unknown[]): unknown {
    if (choices.length === 1) return choices[0];
    const ordered = choices.toSorted((a, b) => String(b).length - String(a).length);
    return ordered.find((each) => {
      if (typeof each === "number") return this.request.number(({ value }) => value === each) !== undefined;
      return typeof each === "string" && each !== "" && this.isSaid(each);
    });
  }

  private isSaid(choice: string): boolean {
    const words = spokenName(choice).split(" ").map(stem);
    const said = this.request.plain.map((word) => SAME_AS.get(word) ?? stem(word));
    return words.every((word) => said.some((each) => soundsLike(each, SAME_AS.get(word) ?? word)));
  }

  private number({ name, schema }: Slot): number | undefined {
    const stems = contentStems(`${name} ${schema.description}`);
    const unit =
      UNITS.find(([each]) => contentStems(name).includes(each)) ?? UNITS.find(([each]) => stems.includes(each));
    const near = this.request.number(({ before = "", after }) =>
      [before, ...after].some((word) => stems.includes(stem(word))),
    );
    const found = near ?? this.request.number(() => true);
    if (!found) return undefined;
    const said = UNITS.find(([each]) => stem(found.after[0] ?? "") === each);
    return fitting(said && unit ? (found.value * said[1]) / unit[1] : found.value, schema);
  }

  private boolean({ name, required }: Slot): boolean | undefined {
    const words = this.request.plain;
    if (!required && !contentStems(name).some((each) => words.map(stem).includes(each))) return undefined;
    if (words.some((word) => NEGATIVE.has(word))) return false;
    return required && !words.some((word) => POSITIVE.has(word)) ? undefined : true;
  }

  private array(slot: Slot): unknown[] | undefined {
    const items = readSchema(slot.schema.items);
    if (items.choices.length > 0) {
      const said = items.choices.filter((each) => typeof each === "string" && this.isSaid(each));
      return said.length > 0 ? said : undefined;
    }
    if (slot.depth >= DEEPEST) return undefined;
    const item: Slot = { ...slot, schema: items, depth: slot.depth + 1 };
    if (items.type === "number" || items.type === "integer") {
      const numbers: unknown[] = [];
      for (let each = this.said(item); each !== undefined; each = this.said(item)) numbers.push(each);
      return numbers.length > 0 ? numbers : undefined;
    }
    const one = this.said(item);
    return one === undefined ? undefined : [one];
  }

  private nested({ schema, depth, required }: Slot): Record<string, unknown> | undefined {
    if (depth >= DEEPEST) return undefined;
    const filled = this.object(schema, depth + 1);
    return required || Object.keys(filled).length > 0 ? filled : undefined;
  }

  private text(slot: Slot): string | undefined {
    const { name, schema, required } = slot;
    const quoted = this.request.quote();
    if (quoted !== undefined) return quoted;
    const words = spokenName(name);
    if (schema.format === "email" || /\bemail\b/.test(words)) return this.request.word((word) => /.@.+\../.test(word));
    if (/^uri|^url/.test(schema.format ?? "") || /\b(?:url|uri|link)\b/.test(words)) {
      return this.request.word((word) => /^https?:\/\/|^www\./.test(word));
    }
    const date = dateArgument(this.request, schema.format);
    if (date !== undefined) return date;
    if (kindOf(name) === TEXT_KINDS[0]) {
      return this.request.word((word) => /\d/.test(word)) ?? this.request.number(() => true)?.value.toString();
    }
    if (/\b(?:date|day|when)\b/.test(words)) {
      const day = this.request.word(isDayWord);
      if (day !== undefined) return day;
    }
    const kind = kindOf(name);
    const { request, toolWords } = this;
    const phrase = phraseAfter(request, kind, toolWords) ?? (required ? remainder(request, toolWords) : undefined);
    return phrase !== undefined && kind.proper ? withCapitals(phrase) : phrase;
  }

  /** For what must be there and was not said. */
  private standIn({ name, schema, depth }: Slot): unknown {
    if (schema.choices.length > 0) return schema.choices[0];
    switch (schema.type) {
      case "number":
      case "integer":
        return fitting(schema.minimum ?? 1, schema);
      case "boolean":
        return true;
      case "array":
        return [];
      case "object":
        return depth >= DEEPEST ? {} : this.object(schema, depth + 1);
      case "null":
        return null;
      case "string":
      case undefined:
        return kindOf(name).whole ? this.request.text : "unknown";
      default:
        return schema.type satisfies never;
    }
  }
}

const NEGATIVE = new Set(
  "off no not never false without disable disabled stop deactivate close unlock mute".split(" "),
);
const POSITIVE = new Set("on yes true with enable enabled start activate open lock unmute".split(" "));
const SAME_AS = new Map([
  ...["plus", "add", "added", "sum"].map((word) => [word, "add"] as const),
  ...["minus", "subtract", "less"].map((word) => [word, "subtract"] as const),
  ...["times", "multiply", "multiplied"].map((word) => [word, "multiply"] as const),
  ...["divide", "divided"].map((word) => [word, "divide"] as const),
]);
function slotOf({ name, required, schema }: Property, depth: number): Slot {
  return { name, required, schema: readSchema(schema), depth };
}

/** Low ones choose first. */
function precedence({ name, schema, required }: Slot): number {
  if (schema.choices.length > 0) return 0;
  if (schema.type !== "string" && schema.type !== undefined) return schema.type === "array" ? 3 : 1;
  if (schema.format !== undefined) return 1;
  const kind = TEXT_KINDS.findIndex(({ names }) => names.test(spokenName(name)));
  const place = kind < 0 ? TEXT_KINDS.length : kind;
  return 2 + place / 100 + (required ? 0 : 0.5);
}

function kindOf(name: string): TextKind {
  return TEXT_KINDS.find(({ names }) => names.test(spokenName(name))) ?? OTHER_TEXT;
}

function fitting(value: number, { type, minimum = -Infinity, maximum = Infinity }: Schema): number {
  const whole = type === "integer" ? Math.round(value) : value;
  return Math.max(minimum, Math.min(maximum, whole));
}
