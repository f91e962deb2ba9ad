/** Speech of a conversation as chat completions take it: a WAV file in base64, made once for a request. */
import { setImmediate } from "node:timers/promises";
import type { ChatCompletionContentPartInputAudio } from "openai/resources/chat/completions";
import { resampleAll } from "../../realtime/audio/resample";
import { encodeWav } from "../../realtime/audio/wav";
import type { PromptItem, PromptPart } from "../../realtime/engine/types";

export interface InputAudioOptions {
  /** Samples per second at most; what has more is brought down to it. Default: 24000. */
  readonly inputSampleRate?: number;
  /** Sends audio as a `data:` URL, as DashScope wants it, instead of base64 alone. Default: false. */
  readonly inputDataUrls?: boolean;
}

type Sounds = ReadonlyMap<PromptPart, ChatCompletionContentPartInputAudio>;

export async function inputAudio(
  items: readonly PromptItem[],
  { inputSampleRate: most = 24_000, inputDataUrls = false }: InputAudioOptions,
): Promise<Sounds> {
  const sounds = new Map<PromptPart, ChatCompletionContentPartInputAudio>();
  const parts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  for (const part of parts) {
    if (part.type !== "audio" || part.audio === undefined) continue;
    // Turn by turn: a minute of sound at once would keep every other session waiting.
    await setImmediate();
    const pcm = await part.audio();
    if (pcm.samples.length === 0) continue;
    const wav = encodeWav(pcm.sampleRate > most ? await resampleAll(pcm, most) : pcm).toString("base64");
    const data = inputDataUrls ? `data:audio/wav;base64,${wav}` : wav;
    sounds.set(part, { type: "input_audio", input_audio: { data, format: "wav" } });
  }
  return sounds;
}
