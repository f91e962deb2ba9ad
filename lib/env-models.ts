/**
 * REALTIME_MODELS: which model names clients may ask for, and what answers each. Entries are separated by commas; an
 * entry is a name alone (the configured stages) or `name=stage:value+stage:value`, for example
 * `antiphon,fast=llm:gpt-4.1-nano+voice:nova`.
 */

export const MODEL_SETTINGS = ["stt", "llm", "tts", "voice"] as const;
export type ModelSetting = (typeof MODEL_SETTINGS)[number];

export interface ModelEntry {
  readonly name: string;
  /** Only what this name changes; everything else is as configured. */
  readonly settings: { readonly [setting in ModelSetting]?: string };
}

const NAME = /^[\w.:/@-]{1,128}$/;
const SYNTAX = "write name or name=stage:value+stage:value, where stage is stt, llm, tts or voice";

/** Reads the variable's value; every problem goes to `report`, and what is wrong is left out of the result. */
export function parseModels(value: string, report: (problem: string) => void): ModelEntry[] {
  const entries = new Map<string, ModelEntry>();
  if (/^[\s,]*$/.test(value)) report("it names no model: list at least one, or leave the variable out");
  for (const part of value.split(",").map((text) => text.trim())) {
    if (part === "") continue;
    const split = part.indexOf("=");
    const name = (split < 0 ? part : part.slice(0, split)).trim();
    if (!NAME.test(name)) report(`"${part}" has no usable name: ${SYNTAX}`);
    else if (entries.has(name)) report(`"${name}" is listed twice: keep one of them`);
    else entries.set(name, { name, settings: split < 0 ? {} : parseSettings(name, part.slice(split + 1), report) });
  }
  return [...entries.values()];
}

function parseSettings(name: string, text: string, report: (problem: string) => void): ModelEntry["settings"] {
  const settings: { [setting in ModelSetting]?: string } = {};
  for (const part of text.split("+").map((setting) => setting.trim())) {
    const split = part.indexOf(":");
    const key = part.slice(0, Math.max(split, 0)).trim();
    const value = part.slice(split + 1).trim();
    if (split < 0 || value === "" || !isSetting(key)) report(`"${part}" of "${name}" is not understood: ${SYNTAX}`);
    else if (settings[key] !== undefined) report(`"${name}" sets ${key} twice: keep one of them`);
    else settings[key] = value;
  }
  return settings;
}

function isSetting(key: string): key is ModelSetting {
  return MODEL_SETTINGS.some((setting) => setting === key);
}
