/** Which models clients may ask for, and which engine answers for each. */
import { fallback, type ModelEngine } from "../engine/fallback";

/** The realtime names of the official service, so that a client needs no change but its base URL. */
export const OFFICIAL_MODELS: readonly string[] = [
  "gpt-realtime",
  "gpt-realtime-1.5",
  "gpt-realtime-2",
  "gpt-realtime-2.1",
  "gpt-realtime-2.1-mini",
  "gpt-realtime-2025-08-28",
  "gpt-realtime-mini",
  "gpt-realtime-mini-2025-10-06",
  "gpt-realtime-mini-2025-12-15",
  "gpt-realtime-translate",
  "gpt-4o-realtime-preview",
  "gpt-4o-realtime-preview-2024-10-01",
  "gpt-4o-realtime-preview-2024-12-17",
  "gpt-4o-realtime-preview-2025-06-03",
  "gpt-4o-mini-realtime-preview",
  "gpt-4o-mini-realtime-preview-2024-12-17",
  "gpt-audio-1.5",
  "gpt-audio-mini",
  "gpt-audio-mini-2025-10-06",
  "gpt-audio-mini-2025-12-15",
];

export interface ModelOptions {
  /** Answers for all models, unless `models` brings an engine for each: a `pipeline`, a `relay` or a `fallback`. */
  readonly engine?: ModelEngine;
  /**
   * Names that clients may ask for: a list, all served by `engine`, or an engine for each name, or several in order of
   * preference (see `fallback`). The first name is used where a client secret is asked for without a model. Default:
   * the official realtime names and `antiphon`.
   */
  readonly models?: readonly string[] | Readonly<Record<string, ModelEngine | readonly ModelEngine[]>>;
}

export interface ModelCatalogue {
  readonly names: readonly string[];
  readonly defaultName: string;
  find(name: string): ModelEngine | undefined;
}

/** @throws TypeError when a model is left without an engine, or there is no model. */
export function createModelCatalogue({
  engine,
  models = ["antiphon", ...OFFICIAL_MODELS],
}: ModelOptions): ModelCatalogue {
  const engines = new Map<string, ModelEngine>();
  if (isList(models)) {
    if (!engine)
      throw new TypeError("createRealtimeHandler needs an `engine`, or `models` with an engine for each name.");
    for (const name of models) engines.set(name, engine);
  } else {
    for (const [name, own] of Object.entries(models)) engines.set(name, several(own) ? fallback(own) : own);
  }
  const names = [...engines.keys()];
  const [defaultName] = names;
  if (defaultName === undefined) throw new TypeError("`models` must name at least one model.");
  return { names, defaultName, find: (name) => engines.get(name) };
}

function several(engine: ModelEngine | readonly ModelEngine[]): engine is readonly ModelEngine[] {
  return Array.isArray(engine);
}

function isList(models: NonNullable<ModelOptions["models"]>): models is readonly string[] {
  return Array.isArray(models);
}
