import { z } from "zod";
import { EngineError } from "../../realtime/engine/errors";
import { detail, explain, type Asked, type Verdict } from "./failures";

const failureBody = z.object({
  type: z.string().nullish(),
  code: z.string().nullish(),
  message: z.string().nullish(),
  param: z.string().nullish(),
  event_id: z.string().nullish(),
});
export type UpstreamFailure = z.output<typeof failureBody>;

const logprob = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() });
const logprobs = z.array(logprob.transform(({ bytes, ...rest }) => ({ ...rest, bytes: bytes ?? undefined }))).nullish();
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const usage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("duration"), seconds: z.number() }),
  z.object({
    type: z.literal("tokens"),
    input_tokens: z.number(),
    output_tokens: z.number(),
    total_tokens: count.transform((value) => value ?? 0),
    input_token_details: z.object({ audio_tokens: count, text_tokens: count }).optional(),
  }),
]);

const ITEM = "conversation.item.input_audio_transcription";

/** What we read of a server's events; there may be more in them. */
const upstreamEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("session.updated") }),
  z.object({ type: z.literal("input_audio_buffer.committed"), item_id: z.string() }),
  z.object({ type: z.literal(`${ITEM}.delta`), delta: z.string().nullish(), logprobs }),
  z.object({
    type: z.literal(`${ITEM}.segment`),
    id: z.string(),
    speaker: z.string(),
    text: z.string(),
    start: z.number(),
    end: z.number(),
  }),
  z.object({
    type: z.literal(`${ITEM}.completed`),
    item_id: z.string(),
    transcript: z.string(),
    logprobs,
    usage: usage.nullish().catch(undefined),
  }),
  z.object({ type: z.literal(`${ITEM}.failed`), error: failureBody }),
  z.object({ type: z.literal("error"), error: failureBody }),
]);
export type UpstreamEvent = z.output<typeof upstreamEvent>;

const TYPES: ReadonlySet<unknown> = new Set(upstreamEvent.options.map(({ shape }) => shape.type.value));

/** The event in a frame; undefined for those that say nothing to us. Throws an EngineError for what cannot be read. */
export function readUpstream(frame: string): UpstreamEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    throw unreadable("something that is not valid JSON", cause);
  }
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  if (!TYPES.has(type)) return undefined;
  const { success, data, error } = upstreamEvent.safeParse(value);
  if (!success) throw unreadable(`a '${String(type)}' that lacks something`, error);
  return data;
}

function unreadable(what: string, cause: unknown): EngineError {
  return new EngineError({ stage: "stt", code: "bad_response", message: `The stt provider sent ${what}.`, cause });
}

/** What a client may read about an error that the server told. */
export function upstreamError(asked: Asked, failure: UpstreamFailure): EngineError {
  return new EngineError({ stage: "stt", cause: failure, ...verdict(asked, failure) });
}

function verdict(asked: Asked, { type, code, message }: UpstreamFailure): Verdict {
  const because = explain(detail(asked, { message: message ?? "" }));
  switch (code ?? type) {
    case "invalid_api_key":
    case "authentication_error":
      return { code: "invalid_api_key", message: "The stt provider refused its API key." };
    case "permission_error":
      return { code: "permission_denied", message: `The stt provider does not allow this${because}` };
    case "insufficient_quota":
      return { code: "insufficient_quota", message: "The stt provider's quota is used up." };
    case "rate_limit_exceeded":
    case "rate_limit_error":
      return {
        code: "rate_limit_exceeded",
        message: `The stt provider gets too many requests${because}`,
        retryable: true,
      };
    case "invalid_model":
    case "model_not_found":
      return { code: "not_found", message: `The stt provider does not know the model "${asked.model}"${because}` };
    default: {
      const refused = type === "invalid_request_error";
      if (refused) return { code: "bad_request", message: `The stt provider rejected the request${because}` };
      return { code: "provider_error", message: `The stt provider failed${because}`, retryable: true };
    }
  }
}
