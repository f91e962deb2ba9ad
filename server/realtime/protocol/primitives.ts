/** Small schemas that several parts of the protocol share. */
import { z } from "zod";
import { isBase64 } from "./base64";

/** What kind of number a field takes. It travels as the message of zod's issues, which do not tell otherwise. */
export type NumberKind = "integer" | "decimal";

/** The kind that an issue's message names, if it names one. */
export function numberKind(message: string): NumberKind | undefined {
  return message === "integer" || message === "decimal" ? message : undefined;
}

export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.int("integer").min(min, "integer").max(max, "integer");

export const decimal = (min: number, max: number) => z.number("decimal").min(min, "decimal").max(max, "decimal");

/** Ids that a client may choose for items. */
export const itemId = z.string().min(1).max(32);

/** Echoed in the errors that an event causes. */
export const clientEventId = z.string().max(512);

export const itemStatus = z.enum(["completed", "incomplete", "in_progress"]);
export type ItemStatus = z.infer<typeof itemStatus>;

/** Base64 audio inside of an item. Checked by a plain expression: `z.base64()` is far slower on megabytes. */
export const audioBase64 = z.string().refine(isBase64, "audio");

export const maxOutputTokens = z.union([integer(1, 4096), z.literal("inf")]);
export type MaxOutputTokens = z.infer<typeof maxOutputTokens>;

export const MAX_METADATA_PAIRS = 16;

/** Up to 16 pairs; keys of at most 64 and values of at most 512 characters. */
export const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= MAX_METADATA_PAIRS, "pairs");
export type Metadata = z.infer<typeof metadata>;

/** Exactly one of the two: audio always comes with its transcript. */
export const outputModalities = z.array(z.enum(["text", "audio"])).refine((list) => list.length === 1, "modalities");
export type OutputModality = z.infer<typeof outputModalities>[number];

/** A built-in voice by name, or `{ id }` for a custom one. */
export const voice = z.union([z.string().min(1).max(256), z.strictObject({ id: z.string().min(1).max(256) })]);
export type Voice = z.infer<typeof voice>;

/** Rates of PCM, in samples a second. The official service has 24000 only; the others are an extension. */
export const PCM_RATES = [8_000, 16_000, 24_000, 48_000] as const;

const pcmRate = integer(PCM_RATES[0], PCM_RATES[3]).transform((rate, context) => {
  const known = PCM_RATES.find((each) => each === rate);
  if (known !== undefined) return known;
  context.issues.push({ code: "custom", message: "rates", input: rate });
  return z.NEVER;
});

const pcm = z
  .strictObject({ type: z.literal("audio/pcm").optional(), rate: pcmRate.optional() })
  .transform(({ rate = 24_000 }) => ({ type: "audio/pcm" as const, rate }));

/** A format without a `type` is PCM, as in the official types. */
export const audioFormat = z.discriminatedUnion("type", [
  pcm,
  z.strictObject({ type: z.literal("audio/pcmu") }),
  z.strictObject({ type: z.literal("audio/pcma") }),
]);
export type AudioFormat = z.output<typeof audioFormat>;
