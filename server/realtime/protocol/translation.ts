/** A translation session: what a client may ask of it, what holds, and how it is shown. */
import { z } from "zod";
import type { ProtocolError } from "./errors";
import { toProtocolError } from "./issues";
import { decimal } from "./primitives";
import type { NoiseReductionConfig } from "./session-config";
import { checkStructure } from "./structure";

const input = z.strictObject({
  noise_reduction: z
    .strictObject({ type: z.enum(["near_field", "far_field"]), strength: decimal(0, 1).optional() })
    .nullish(),
  transcription: z.strictObject({ model: z.string().min(1).max(256) }).nullish(),
});

const audio = z.strictObject({
  input: input.optional(),
  output: z.strictObject({ language: z.string().min(1).max(64).optional() }).optional(),
});

/** Here the path says the kind of session, so that `type` may be left out. */
const type = z.literal("translation").default("translation");

/** `session` of `session.update`: what the session is and which model it has was settled when it began. */
export const translationUpdate = z.strictObject({ type, audio: audio.optional() });
export const translationSession = z.strictObject({ type, model: z.string().min(1).max(256), audio: audio.optional() });

export type TranslationSessionInput = z.input<typeof translationSession>;

/** A validated wish; without a `model` where that is settled. */
export interface TranslationConfigInput extends z.output<typeof translationUpdate> {
  readonly model?: string;
}

/** The configuration in force. Never changed in place. */
export interface TranslationConfig {
  readonly type: "translation";
  readonly model: string;
  readonly audio: {
    readonly input: {
      readonly noise_reduction: NoiseReductionConfig | null;
      readonly transcription: { readonly model: string } | null;
    };
    readonly output: {
      /** BCP 47. */
      readonly language: string;
    };
  };
}

export function defaultTranslationConfig(model: string): TranslationConfig {
  return {
    type: "translation",
    model,
    audio: { input: { noise_reduction: null, transcription: null }, output: { language: "en" } },
  };
}

/** `current` with `patch` on top: named fields change, null switches off. Pure. */
export function mergeTranslationConfig(current: TranslationConfig, patch: TranslationConfigInput): TranslationConfig {
  const { noise_reduction: noise, transcription } = patch.audio?.input ?? {};
  const before = current.audio.input;
  return {
    type: "translation",
    model: patch.model ?? current.model,
    audio: {
      input: {
        noise_reduction: noise
          ? { strength: before.noise_reduction?.strength ?? 1, ...withoutUndefined(noise) }
          : keep(noise, before.noise_reduction),
        transcription: keep(transcription, before.transcription),
      },
      output: { language: patch.audio?.output?.language ?? current.audio.output.language },
    },
  };
}

function keep<T>(patch: T | undefined, current: T): T {
  return patch === undefined ? current : patch;
}

type Noise = NonNullable<z.output<typeof input>["noise_reduction"]>;

function withoutUndefined({ type: kind, strength }: Noise): Pick<Noise, "type"> & { readonly strength?: number } {
  return strength === undefined ? { type: kind } : { type: kind, strength };
}

/** Without an `object`, as the official shape is. */
export const translationResource = z.strictObject({
  id: z.string().min(1),
  type: z.literal("translation"),
  model: z.string(),
  /** Seconds since the epoch. */
  expires_at: z.int(),
  audio: z.strictObject({
    input: z.strictObject({
      noise_reduction: z.strictObject({ type: z.enum(["near_field", "far_field"]), strength: z.number() }).nullable(),
      transcription: z.strictObject({ model: z.string() }).nullable(),
    }),
    output: z.strictObject({ language: z.string() }),
  }),
});
export type TranslationSessionResource = z.output<typeof translationResource>;

export type ParsedTranslation =
  | { readonly ok: true; readonly config: TranslationConfigInput & { readonly model: string } }
  | { readonly ok: false; readonly error: ProtocolError };

/** Checks the `session` of a REST body. Never throws. */
export function parseTranslationSession(value: unknown): ParsedTranslation {
  const refused = checkStructure(value, "session");
  if (refused) return { ok: false, error: refused };
  const result = translationSession.safeParse(value);
  if (result.success) return { ok: true, config: result.data };
  return { ok: false, error: toProtocolError(result.error, value, "session") };
}
