/** Whether this server can hold a translation session, and hold it as it is asked to. */
import type { Engine } from "../engine/types";
import { errors, ProtocolError } from "../protocol/errors";
import {
  defaultTranslationConfig,
  mergeTranslationConfig,
  type TranslationConfig,
  type TranslationConfigInput,
} from "../protocol/translation";
import { languageName } from "../translation/language";
import type { TranslatingEngine } from "../translation/types";

/** The engine, if it can translate. @throws ProtocolError that says why it cannot. */
export function translatingEngine(engine: Engine): TranslatingEngine {
  if (engine.cannotTranslate !== undefined)
    throw new ProtocolError(engine.cannotTranslate, { code: "translation_not_offered" });
  if (!speaks(engine))
    throw new ProtocolError("This model does not offer translation.", { code: "translation_not_offered" });
  return engine;
}

function speaks(engine: Engine): engine is TranslatingEngine {
  return engine.speak !== undefined;
}

/** What a translation session begins with. @throws ProtocolError when it cannot. */
export function initialTranslation(model: string, engine: Engine, config: TranslationConfigInput | undefined) {
  const chosen = mergeTranslationConfig(defaultTranslationConfig(model), { type: "translation", ...config, model });
  requireSupportedTranslation(chosen, translatingEngine(engine));
  return chosen;
}

/** Throws for the first thing in the configuration that cannot be done. */
export function requireSupportedTranslation({ audio }: TranslationConfig, engine: Engine): void {
  const { language } = audio.output;
  if (languageName(language) === undefined) {
    throw errors.invalidValue(
      "session.audio.output.language",
      `'${language}' is not the tag of a language. Use an ISO-639-1 code or a BCP 47 tag, for example 'es' or 'pt-BR'.`,
    );
  }
  if (audio.input.noise_reduction !== null && engine.noise === undefined)
    throw errors.unsupported("session.audio.input.noise_reduction", "This server has no noise reduction. Use null.");
}
