/** The server events that `antiphon talk` acts on, read leniently: it must work with any server of the protocol. */
import { z } from "zod";

const failure = z.looseObject({
  message: z.string().nullish(),
  code: z.string().nullish(),
  type: z.string().nullish(),
});

const known = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("session.created") }),
  z.looseObject({ type: z.literal("session.updated") }),
  z.looseObject({ type: z.literal("error"), error: failure }),
  z.looseObject({ type: z.literal("conversation.item.input_audio_transcription.completed"), transcript: z.string() }),
  z.looseObject({ type: z.literal("conversation.item.input_audio_transcription.failed"), error: failure }),
  z.looseObject({ type: z.literal("response.output_text.delta"), delta: z.string() }),
  z.looseObject({ type: z.literal("response.output_audio_transcript.delta"), delta: z.string() }),
  z.looseObject({ type: z.literal("response.output_audio.delta"), delta: z.string() }),
  z.looseObject({
    type: z.literal("response.done"),
    response: z.looseObject({
      status: z.string(),
      status_details: z.looseObject({ reason: z.string().nullish(), error: failure.nullish() }).nullish(),
    }),
  }),
]);

export type TalkEvent = z.output<typeof known>;

/** Undefined for an event that means nothing here. */
export function readEvent(value: unknown): TalkEvent | undefined {
  const result = known.safeParse(value);
  return result.success ? result.data : undefined;
}

/** `Incorrect API key provided (invalid_api_key)`, as far as the server said anything. */
export function failureText(error: z.output<typeof failure> | null | undefined): string {
  const message = error?.message ?? "the server gave no reason";
  return error?.code ? `${message} (${error.code})` : message;
}
