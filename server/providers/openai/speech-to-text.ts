import type { TranscriptionStreamEvent } from "openai/resources/audio/transcriptions";
import { encodeWav } from "../../realtime/audio/wav";
import type { SpeechToText, TranscribeRequest } from "../../realtime/engine/types";
import { connector, type Connection, type OpenAIEndpoint } from "./endpoint";
import { failure } from "./failures";
import { Negotiation } from "./negotiation";
import { readBody, readStream } from "./transcripts";

export interface OpenAISpeechToTextOptions extends OpenAIEndpoint {
  /** Ask for words as they are found. An endpoint that cannot is found out, and not asked again. Default true. */
  readonly stream?: boolean;
  /** Ask who said what, which comes as segments. Default: for models with "diarize" in their name, which need it. */
  readonly diarize?: boolean;
}

const OPTIONAL = ["stream", "include", "prompt", "language", "chunking_strategy"] as const;
type Learned = Negotiation<(typeof OPTIONAL)[number]>;

/** A recogniser behind any endpoint with OpenAI's `audio/transcriptions`. Fails with EngineErrors of the stage `stt`. */
export function openaiSpeechToText(options: OpenAISpeechToTextOptions): SpeechToText {
  const connect = connector("stt", options);
  const learned: Learned = new Negotiation();
  const { diarize = options.model.includes("diarize") } = options;
  if (options.stream === false) learned.refuse("stream");
  if (diarize) for (const each of ["include", "prompt"] as const) learned.refuse(each);
  return {
    name: options.model,
    capabilities: { streaming: false },
    async *transcribe(request) {
      if (request.audio.samples.length === 0) return yield { type: "done", text: "" };
      const { signal } = request;
      const connection = await connect();
      try {
        if (!learned.refuses("stream")) {
          const { response, stream } = await learned.attempt(OPTIONAL, () =>
            ask(connection, { request, learned, diarize }),
          );
          const heard = stream ? yield* readStream(stream) : yield* readBody(response);
          // The SDK ends an aborted stream as if it were complete.
          signal.throwIfAborted();
          // Not asked again when it did not stream, or in a dialect of its own.
          if (!stream || !heard) learned.refuse("stream");
          if (heard) return;
        }
        const { response } = await learned.attempt(OPTIONAL, () => ask(connection, { request, learned, diarize }));
        yield* readBody(response);
      } catch (error) {
        throw failure(connection, error, signal);
      }
    },
  };
}

interface Answer {
  readonly response: Response;
  /** Its events, if it streams. */
  readonly stream: AsyncIterable<TranscriptionStreamEvent> | undefined;
}

interface Question {
  readonly request: TranscribeRequest;
  readonly learned: Learned;
  readonly diarize: boolean;
}

async function ask({ client, model }: Connection, { request, learned, diarize }: Question): Promise<Answer> {
  const { language, prompt, logprobs, signal } = request;
  const body = {
    file: new File([new Uint8Array(encodeWav(request.audio))], "audio.wav", { type: "audio/wav" }),
    model,
    response_format: diarize ? ("diarized_json" as const) : ("json" as const),
    // Without it, long recordings are refused.
    ...(diarize && !learned.refuses("chunking_strategy") && { chunking_strategy: "auto" as const }),
    ...(language && !learned.refuses("language") && { language }),
    ...(prompt && !learned.refuses("prompt") && { prompt }),
    ...(logprobs && !learned.refuses("include") && { include: ["logprobs" as const] }),
  };
  if (learned.refuses("stream")) {
    const response = await client.audio.transcriptions.create(body, { signal }).asResponse();
    return { response, stream: undefined };
  }
  const answer = await client.audio.transcriptions.create({ ...body, stream: true }, { signal }).withResponse();
  const streams = answer.response.headers.get("content-type")?.includes("text/event-stream");
  return { response: answer.response, stream: streams ? answer.data : undefined };
}
