import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import type { Pcm } from "../../realtime/audio/pcm";
import type { ConverseRequest, SpeechModel, SpeechModelEvent } from "../../realtime/engine/speech-model";
import type { TokenUsage } from "../../realtime/engine/types";
import { audioDecoder, type AudioDecoder } from "./audio-decoder";
import { chatBody, OPTIONAL, type ChatOptions, type Optional } from "./chat-request";
import { chunksOf, readChat, type AudioDelta, type Chunk } from "./chat-stream";
import { connector, type Connection } from "./endpoint";
import { failure } from "./failures";
import { KeptReplies, KeptReply } from "./kept-replies";
import { chatMessages } from "./messages";
import { Negotiation } from "./negotiation";
import { inputAudio, type InputAudioOptions } from "./input-audio";

export interface OpenAISpeechModelOptions extends ChatOptions, InputAudioOptions {
  /** What the model can do. Default: it has tools and speaks, and sees no images. */
  readonly capabilities?: Partial<SpeechModel["capabilities"]>;
  /** Names that clients may ask for. Default: any; the endpoint decides. */
  readonly voices?: readonly string[];
  /** Default: the first of `voices`, else "alloy". */
  readonly defaultVoice?: string;
  /** What to ask for. What comes is raw 16-bit PCM in pieces either way, and a WAV header in front is read. Default: `pcm16`. */
  readonly outputFormat?: "pcm16" | "wav";
  /** Samples per second of the raw PCM that comes. Default: 24000. */
  readonly outputSampleRate?: number;
}

/**
 * A model that hears, and speaks if it can, behind any endpoint whose chat completions take `input_audio`. Fails with
 * EngineErrors of the stage `llm`.
 */
export function openaiSpeechModel(options: OpenAISpeechModelOptions): SpeechModel {
  const connect = connector("llm", options);
  const negotiation = new Negotiation<Optional>();
  const kept = new KeptReplies();
  const { voices } = options;
  const capabilities = { tools: true, images: false, speaks: true, ...options.capabilities };
  const modalities = outputOf(options, capabilities);

  const ask = async (connection: Connection, request: ConverseRequest): Promise<AsyncIterable<Chunk>> => {
    const { signal, instructions, items } = request;
    const sounds = await inputAudio(items, options);
    signal.throwIfAborted();
    return kept.withThose((idOf) => {
      const messages = chatMessages(instructions, items, { soundOf: (part) => sounds.get(part), idOf });
      return negotiation.attempt(OPTIONAL, async () => {
        const body = { ...chatBody(options, { ...request, messages }, negotiation), ...modalities(request) };
        return chunksOf(await connection.client.chat.completions.create(body, { signal }).withResponse());
      });
    });
  };
  return {
    name: options.model,
    capabilities,
    voices,
    defaultVoice: options.defaultVoice ?? voices?.[0] ?? "alloy",
    async *converse(request) {
      const connection = await connect();
      const { signal } = request;
      try {
        yield* read(await ask(connection, request), { connection, kept, sampleRate: options.outputSampleRate });
        // The SDK ends an aborted stream as if it were complete.
        signal.throwIfAborted();
      } catch (error) {
        throw failure(connection, error, signal);
      }
    },
  };
}

type Output = Pick<ChatCompletionCreateParamsStreaming, "modalities" | "audio">;

/** A model that cannot speak is not told what it shall not do: many an endpoint does not know the parameter. */
function outputOf(
  { outputFormat: format = "pcm16" }: OpenAISpeechModelOptions,
  { speaks }: SpeechModel["capabilities"],
): (request: ConverseRequest) => Output {
  return ({ modality, voice }) => {
    if (!speaks) return {};
    return modality === "text" ? { modalities: ["text"] } : { modalities: ["text", "audio"], audio: { voice, format } };
  };
}

interface Reading {
  readonly connection: Connection;
  readonly kept: KeptReplies;
  readonly sampleRate: number | undefined;
}

async function* read(
  chunks: AsyncIterable<Chunk>,
  { connection: { stage }, kept, sampleRate = 24_000 }: Reading,
): AsyncGenerator<SpeechModelEvent, void> {
  const sound = new Sound(() => audioDecoder({ contentType: "", sampleRate, stage }));
  for await (const event of readChat(chunks, stage)) {
    if (event.type === "audio-delta") {
      if (event.delta.transcript) yield { type: "speech", text: event.delta.transcript };
      yield* heard(sound.push(event.delta));
    } else if (event.type === "finish") {
      yield* heard(sound.end());
      const { id, expiresAt } = sound;
      if (id !== undefined && expiresAt !== undefined)
        yield { type: "kept", sound: new KeptReply({ by: kept, id, expiresAt }) };
      yield { ...event, usage: event.usage && tokenUsage(event.usage, sound.came) };
    } else {
      yield event;
    }
  }
}

function* heard(pieces: readonly (Pcm | undefined)[]): Generator<SpeechModelEvent, void> {
  for (const audio of pieces) if (audio !== undefined && audio.samples.length > 0) yield { type: "audio", audio };
}

/** The sound of one reply, and by what name the endpoint keeps it. */
class Sound {
  id: string | undefined;
  /** Seconds since 1970. */
  expiresAt: number | undefined;

  private decoder: AudioDecoder | undefined;

  constructor(private readonly open: () => AudioDecoder) {}

  get came(): boolean {
    return this.decoder !== undefined;
  }

  push({ id, data, expires_at: expiresAt }: AudioDelta): (Pcm | undefined)[] {
    this.id ??= id ?? undefined;
    this.expiresAt = expiresAt ?? this.expiresAt;
    if (!data) return [];
    const bytes = Buffer.from(data, "base64");
    // Some send a WAV file, and some a file of its own for every piece.
    const rest = bytes.toString("latin1", 0, 4) === "RIFF" ? this.end() : [];
    this.decoder ??= this.open();
    return [...rest, this.decoder.push(bytes)];
  }

  /** What is still held. More may follow. */
  end(): (Pcm | undefined)[] {
    const rest = this.decoder?.end();
    this.decoder &&= this.open();
    return [rest];
  }
}

/** Figures that do not say what of them is sound are left out: the session would count its sound a second time. */
function tokenUsage(usage: CompletionUsage, spoke: boolean): TokenUsage {
  const inputAudioTokens = usage.prompt_tokens_details?.audio_tokens;
  const outputAudioTokens = usage.completion_tokens_details?.audio_tokens;
  const cachedInputTokens = usage.prompt_tokens_details?.cached_tokens;
  return {
    ...(inputAudioTokens !== undefined && { inputTokens: usage.prompt_tokens, inputAudioTokens }),
    ...(spoke
      ? outputAudioTokens !== undefined && { outputTokens: usage.completion_tokens, outputAudioTokens }
      : { outputTokens: usage.completion_tokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}
