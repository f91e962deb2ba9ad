import type { ListenRequest, SpeechToText, TranscriptStream } from "../../realtime/engine/types";
import { OFFICIAL, type OpenAIEndpoint } from "./endpoint";
import { RealtimeTranscript } from "./realtime-transcript";
import type { UpstreamEndpoint } from "./realtime-upstream";

export interface OpenAIRealtimeTranscriptionOptions extends OpenAIEndpoint {
  /**
   * Milliseconds until the server is ready for audio, and, once all was said, between two signs of life from it.
   * Default 15000.
   */
  readonly timeoutMs?: number;
  /** Further tries to connect, made only before the first audio was sent. Default 2. */
  readonly maxRetries?: number;
  /** Milliseconds of audio that may wait for a slow server before an utterance is given up. Default 60000. */
  readonly maxWaitingMs?: number;
}

/**
 * A recogniser that hears while somebody speaks, behind any endpoint with OpenAI's realtime transcription
 * (`/realtime?intent=transcription`, GA form): one connection for each utterance. Models that tell speakers apart give
 * segments. Fails with EngineErrors of the stage `stt`.
 */
export function openaiRealtimeTranscription(options: OpenAIRealtimeTranscriptionOptions): SpeechToText {
  const endpoint = upstreamEndpoint(options);
  const { maxWaitingMs: mostWaitingMs = 60_000 } = options;
  const listen = (request: ListenRequest): TranscriptStream =>
    new RealtimeTranscript({ endpoint, request, mostWaitingMs });
  return {
    name: options.model,
    capabilities: { streaming: true },
    listen,
    async *transcribe({ audio, ...request }) {
      const { sampleRate, samples } = audio;
      const stream = new RealtimeTranscript({ endpoint, request: { ...request, sampleRate }, mostWaitingMs: Infinity });
      stream.push(samples);
      stream.finish();
      yield* stream;
    },
  };
}

function upstreamEndpoint(options: OpenAIRealtimeTranscriptionOptions): UpstreamEndpoint {
  const { baseURL = OFFICIAL, apiKey, model, timeoutMs = 15_000, maxRetries = 2, headers } = options;
  if (!URL.canParse(baseURL)) throw new TypeError("The base URL of the stt provider is not a URL.");
  const url = new URL(`${baseURL.replace(/\/+$/, "")}/realtime?intent=transcription`);
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  return {
    stage: "stt",
    model,
    baseURL,
    apiKey,
    url: url.href,
    headers: { ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }), ...headers },
    timeoutMs,
    maxRetries,
    refused: new Set(),
  };
}
