import type { Pcm } from "../../realtime/audio/pcm";
import { stretched } from "../../realtime/audio/stretch";
import type { TextToSpeech } from "../../realtime/engine/types";
import { audioDecoder } from "./audio-decoder";
import { connector, type OpenAIEndpoint } from "./endpoint";
import { failure } from "./failures";
import { Negotiation } from "./negotiation";

export interface OpenAITextToSpeechOptions extends OpenAIEndpoint {
  /** Names that clients may ask for. Default: any; the endpoint decides. */
  readonly voices?: readonly string[];
  /** Default: the first of `voices`, else "alloy". */
  readonly defaultVoice?: string;
  /** How to speak, for models that take it: "Speak calmly." */
  readonly instructions?: string;
  /** Samples per second of the endpoint's raw PCM, where it does not say. Default 24000. */
  readonly sampleRate?: number;
  /** Whether the endpoint obeys `speed`; otherwise it is not sent, and a pipeline stretches the audio. Default true. */
  readonly speed?: boolean;
}

const OPTIONAL = ["instructions", "speed"] as const;

/** A voice behind any endpoint with OpenAI's `audio/speech`. Fails with EngineErrors of the stage `tts`. */
export function openaiTextToSpeech(options: OpenAITextToSpeechOptions): TextToSpeech {
  const { model, voices, instructions, sampleRate = 24_000, speed: obeysSpeed = true } = options;
  const connect = connector("tts", options);
  const negotiation = new Negotiation<(typeof OPTIONAL)[number]>();
  return {
    name: model,
    capabilities: { streaming: true, speed: obeysSpeed },
    voices,
    defaultVoice: options.defaultVoice ?? voices?.[0] ?? "alloy",
    async *synthesize({ text, voice, speed, signal }) {
      const connection = await connect();
      const ask = (): Promise<Response> =>
        connection.client.audio.speech.create(
          {
            model,
            voice,
            input: text,
            response_format: "pcm",
            ...(instructions && !negotiation.refuses("instructions") && { instructions }),
            ...(obeysSpeed && speed !== 1 && !negotiation.refuses("speed") && { speed }),
          },
          { signal },
        );
      try {
        const audio = read(await negotiation.attempt(OPTIONAL, ask), sampleRate);
        // An endpoint that was found not to know `speed` spoke at its own.
        yield* obeysSpeed && speed !== 1 && negotiation.refuses("speed") ? stretched(audio, speed) : audio;
        signal.throwIfAborted();
      } catch (error) {
        throw failure(connection, error, signal);
      }
    },
  };
}

async function* read(response: Response, sampleRate: number): AsyncGenerator<Pcm, void> {
  const decoder = audioDecoder({ contentType: response.headers.get("content-type") ?? "", sampleRate });
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      const audio = chunk?.value ? decoder.push(chunk.value) : decoder.end();
      if (audio && audio.samples.length > 0) yield audio;
      if (!chunk?.value) return;
    }
  } finally {
    // Frees the connection when the reader leaves early; a failed one has nothing to add.
    reader?.cancel().catch(() => undefined);
  }
}
