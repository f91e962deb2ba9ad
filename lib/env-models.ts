/**
 * REALTIME_MODELS: which model names clients may ask for, and what answers each. Entries are separated by commas. An
 * entry is a name alone (the configured stages) or `name=choice|choice`: what answers, and what does when that is down.
 * A choice is `stages`, `stage:value+stage:value`, or `relay:URL+model:NAME+key:VARIABLE`. For example
 * `antiphon,fast=llm:gpt-4.1-nano+voice:nova,gpt-realtime=relay:https://api.openai.com/v1|stages`.
 */

export const MODEL_SETTINGS = ["stt", "llm", "tts", "speech", "voice"] as const;
export type ModelSetting = (typeof MODEL_SETTINGS)[number];
const RELAY_SETTINGS = ["relay", "model", "key"] as const;
type RelaySetting = (typeof RELAY_SETTINGS)[number];

export interface StagesChoice {
  readonly type: "stages";
  /** Only what this name changes; everything else is as configured. */
  readonly settings: { readonly [setting in ModelSetting]?: string };
}

/** Another server that speaks the Realtime API. */
export interface RelayChoice {
  readonly type: "relay";
  readonly url: string;
  /** What to ask there for. Undefined: the name that the client asked for. */
  readonly model: string | undefined;
  /** The variable that holds its key. */
  readonly keyVariable: string | undefined;
  readonly apiKey: string | undefined;
}

export type ModelChoice = StagesChoice | RelayChoice;

export interface ModelEntry {
  readonly name: string;
  /** In order of preference; at least one. */
  readonly choices: readonly ModelChoice[];
}

/** Told what is wrong, in words that say what to do. */
type Report = (problem: string) => void;

const NAME = /^[\w.:/@-]{1,128}$/;
const VARIABLE = /^[A-Z_][A-Z\d_]*$/;
const KEY_IN_URL = /[?&](api[-_]?key|key|access_token)=|:\/\/[^/@]*@/i;
const SYNTAX =
  "write name or name=stage:value+stage:value, where stage is stt, llm, tts, speech or voice, or name=relay:URL+model:NAME+key:VARIABLE";

export function plainEntry(name: string): ModelEntry {
  return { name, choices: [{ type: "stages", settings: {} }] };
}

/** Reads the variable's value; every problem goes to `report`, and what is wrong is left out of the result. */
export function parseModels(value: string, report: Report): ModelEntry[] {
  const entries = new Map<string, ModelEntry>();
  if (/^[\s,]*$/.test(value)) report("it names no model: list at least one, or leave the variable out");
  for (const part of value.split(",").map((text) => text.trim())) {
    if (part === "") continue;
    const split = part.indexOf("=");
    const name = (split < 0 ? part : part.slice(0, split)).trim();
    if (!NAME.test(name)) report(`"${withoutKey(part)}" has no usable name: ${SYNTAX}`);
    else if (entries.has(name)) report(`"${name}" is listed twice: keep one of them`);
    else if (split < 0) entries.set(name, plainEntry(name));
    else {
      const choices = part.slice(split + 1).split("|");
      entries.set(name, { name, choices: choices.flatMap((choice) => parseChoice(name, choice, report) ?? []) });
    }
  }
  return [...entries.values()];
}

/** Nothing that may hold a key is repeated in a message. */
export function withoutKey(text: string): string {
  return KEY_IN_URL.test(text) ? "…" : text;
}

function parseChoice(name: string, text: string, report: Report): ModelChoice | undefined {
  if (text.trim() === "stages") return { type: "stages", settings: {} };
  const relay = /^\s*relay:/.test(text);
  const settings = parseSettings<RelaySetting | ModelSetting>({
    name,
    text,
    known: relay ? RELAY_SETTINGS : MODEL_SETTINGS,
    report,
  });
  return relay ? relayChoice(name, settings, report) : { type: "stages", settings };
}

function relayChoice(
  name: string,
  { relay: url = "", model, key }: { readonly [setting in RelaySetting]?: string },
  report: Report,
): RelayChoice | undefined {
  if (KEY_IN_URL.test(url)) {
    report(`the URL of "${name}" holds a key: put it into a variable of its own and write key:VARIABLE`);
  } else if (!URL.canParse(url) || !/^(https?|wss?):$/.test(new URL(url).protocol)) {
    report(`"relay:${url}" of "${name}" is no URL like https://api.openai.com/v1 or wss://host/v1/realtime`);
  } else if (key !== undefined && !VARIABLE.test(key)) {
    // It may be the key itself: say nothing of it.
    report(`key: of "${name}" must name the variable that holds the key, for example key:AZURE_KEY`);
  } else return { type: "relay", url, model, keyVariable: key, apiKey: undefined };
  return undefined;
}

interface SettingsText<Key extends string> {
  readonly name: string;
  readonly text: string;
  readonly known: readonly Key[];
  readonly report: Report;
}

function parseSettings<Key extends string>({
  name,
  text,
  known,
  report,
}: SettingsText<Key>): {
  [key in Key]?: string;
} {
  const settings: { [key in Key]?: string } = {};
  for (const part of text.split("+").map((setting) => setting.trim())) {
    const split = part.indexOf(":");
    const key = known.find((each) => each === part.slice(0, Math.max(split, 0)).trim());
    const value = part.slice(split + 1).trim();
    if (key === undefined || value === "") report(`"${withoutKey(part)}" of "${name}" is not understood: ${SYNTAX}`);
    else if (settings[key] !== undefined) report(`"${name}" sets ${key} twice: keep one of them`);
    else settings[key] = value;
  }
  return settings;
}

const OFFICIAL = /^(https|wss):\/\/([\w-]+\.)*openai\.com([:/]|$)/;

/** The entries with the keys that they name. OpenAI's own key goes to OpenAI, and to nobody else. */
export function withRelayKeys(
  entries: readonly ModelEntry[],
  keys: (variable: string) => string | undefined,
  report: Report,
): ModelEntry[] {
  const resolve = (name: string, choice: ModelChoice): ModelChoice => {
    if (choice.type !== "relay") return choice;
    const variable = choice.keyVariable ?? (OFFICIAL.test(choice.url) ? "OPENAI_API_KEY" : undefined);
    if (variable === undefined) return choice;
    const apiKey = keys(variable)?.trim() || undefined;
    if (apiKey === undefined) report(`"${name}" takes its key from ${variable}, which is not set: set it`);
    return { ...choice, apiKey };
  };
  return entries.map(({ name, choices }) => ({ name, choices: choices.map((choice) => resolve(name, choice)) }));
}
