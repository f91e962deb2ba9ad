import type {
  Transcription,
  TranscriptionDiarizedSegment,
  TranscriptionStreamEvent,
  TranscriptionTextDoneEvent,
} from "openai/resources/audio/transcriptions";
import { EngineError } from "../../realtime/engine/errors";
import type { TokenLogprob, TranscriptEvent, TranscriptSegment, TranscriptUsage } from "../../realtime/engine/types";

/** Passes a streamed transcript on. Returns false when nothing in it was understood, so that another way may be tried. */
export async function* readStream(
  stream: AsyncIterable<TranscriptionStreamEvent>,
): AsyncGenerator<TranscriptEvent, boolean> {
  let begun = false;
  let whole: TranscriptEvent | undefined;
  try {
    // Read to its end, even after the whole text, so that the connection can be used again.
    for await (const event of stream) {
      if (event.type === "transcript.text.done") whole = done(event);
      if (event.type !== "transcript.text.delta" && event.type !== "transcript.text.segment") continue;
      begun = true;
      if (event.type === "transcript.text.segment") yield segment(event);
      else yield { type: "delta", text: event.delta, ...logprobs(event.logprobs) };
    }
  } catch (error) {
    if (begun || !(error instanceof SyntaxError)) throw error;
    return false;
  }
  if (whole) yield whole;
  else if (begun) throw broken("incomplete", "The stt provider broke off before the end of the transcript.");
  return whole !== undefined;
}

/** Reads a transcript that comes as a whole: JSON, or bare text from endpoints that know nothing else. */
export async function* readBody(response: Response): AsyncGenerator<TranscriptEvent, boolean> {
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("text/plain")) {
    yield { type: "done", text: text.trim() };
    return true;
  }
  const body: unknown = JSON.parse(text);
  if (!isTranscription(body)) throw broken("bad_response", "The stt provider answered without a transcript.");
  if ("segments" in body && Array.isArray(body.segments)) yield* body.segments.filter(isSegment).map(segment);
  yield done(body);
  return true;
}

/** Segments without speakers are of another kind. */
function isSegment(value: unknown): value is TranscriptionDiarizedSegment {
  return typeof value === "object" && value !== null && "speaker" in value;
}

function segment({ id, speaker, text, start, end }: Omit<TranscriptionDiarizedSegment, "type">): TranscriptSegment {
  return { type: "segment", id: String(id), speaker, text, start, end };
}

function isTranscription(body: unknown): body is Transcription {
  return typeof body === "object" && body !== null && "text" in body && typeof body.text === "string";
}

function broken(code: "incomplete" | "bad_response", message: string): EngineError {
  return new EngineError({ stage: "stt", code, message, retryable: true });
}

function done(transcription: Transcription | TranscriptionTextDoneEvent): TranscriptEvent {
  const usage = transcriptUsage(transcription.usage);
  return { type: "done", text: transcription.text, ...logprobs(transcription.logprobs), ...(usage && { usage }) };
}

export function logprobs(official: readonly Partial<TokenLogprob>[] | null | undefined): { logprobs?: TokenLogprob[] } {
  if (!official) return {};
  return {
    logprobs: official.map(({ token = "", logprob = 0, bytes }) => ({
      token,
      logprob,
      bytes: bytes ?? [...Buffer.from(token)],
    })),
  };
}

export function transcriptUsage(usage: Transcription["usage"] | null): TranscriptUsage | undefined {
  if (usage?.type === "duration") return { type: "duration", seconds: usage.seconds };
  if (usage?.type !== "tokens") return undefined;
  const { audio_tokens: audioTokens, text_tokens: textTokens } = usage.input_token_details ?? {};
  return {
    type: "tokens",
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    ...(audioTokens !== undefined && { audioTokens }),
    ...(textTokens !== undefined && { textTokens }),
  };
}
