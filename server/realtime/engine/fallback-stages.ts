/** Stages with a second choice: what answers when the first provider is down. */
import { breakerOf } from "./breaker";
import { cancellable } from "./cancellable";
import { EngineError, type EngineStage } from "./errors";
import { fallbackStream, type FallbackOptions } from "./fallback-stream";
import type { LanguageModel, ListenRequest, SpeechToText, TextToSpeech, TranscriptStream } from "./types";
import { withSpeed } from "./with-speed";

interface Part {
  readonly name: string;
  readonly local?: boolean;
  close?(): Promise<void>;
}

/** Asks the first model that is not down; once it has said anything, no other is asked. @throws TypeError for none. */
export function fallbackLlm(models: readonly LanguageModel[], options: FallbackOptions = {}): LanguageModel {
  const ask = inTurn("llm", models, options);
  const known = models.map(({ contextTokens }) => contextTokens).filter((tokens) => tokens !== undefined);
  return {
    ...together("llm", models),
    capabilities: {
      tools: models.every(({ capabilities }) => capabilities.tools),
      images: models.every(({ capabilities }) => capabilities.images),
    },
    contextTokens: known.length === 0 ? undefined : Math.min(...known),
    // Whoever stands in would answer the talk instead of translating it.
    cannotTranslate: models.find(({ cannotTranslate }) => cannotTranslate !== undefined)?.cannotTranslate,
    generate: (request) => ask(request, (model, own) => model.generate(own)),
  };
}

/**
 * Asks the first recogniser that is not down. Only the first that listens does so while somebody speaks; what it breaks
 * off is recognised afterwards, by whoever can. @throws TypeError for none.
 */
export function fallbackStt(recognisers: readonly SpeechToText[], options: FallbackOptions = {}): SpeechToText {
  for (const stt of recognisers) breakerOf(stt, options);
  const ask = inTurn("stt", recognisers, options);
  const listens = recognisers.some(({ listen }) => listen !== undefined);
  return {
    ...together("stt", recognisers),
    capabilities: { streaming: listens },
    transcribe: (request) => ask(request, (stt, own) => stt.transcribe(own)),
    ...(listens && { listen: (request) => listenWith(recognisers, request) }),
  };
}

function listenWith(recognisers: readonly SpeechToText[], request: ListenRequest): TranscriptStream {
  const able = recognisers.find((stt) => stt.listen !== undefined && !breakerOf(stt).isOut);
  if (able?.listen !== undefined) return able.listen(request);
  const message = "No recogniser can listen just now.";
  const next = (): Promise<never> =>
    Promise.reject(new EngineError({ stage: "stt", code: "unreachable", message, retryable: true }));
  return { push() {}, finish() {}, [Symbol.asyncIterator]: () => ({ next }) };
}

/**
 * Speaks with the first voice that is not down; in the middle of a clause it is never changed. Voice names are those of
 * the first speaker; another that does not know one uses its own default. @throws TypeError for none.
 */
export function fallbackTts(speakers: readonly TextToSpeech[], options: FallbackOptions = {}): TextToSpeech {
  const common = together("tts", speakers);
  const paced = new Map(speakers.map((tts) => [tts, withSpeed(tts)]));
  const ask = inTurn("tts", speakers, options);
  const [first] = speakers;
  return {
    ...common,
    capabilities: { streaming: speakers.every(({ capabilities }) => capabilities.streaming), speed: true },
    get voices() {
      return first?.voices;
    },
    get defaultVoice() {
      return first?.defaultVoice ?? "";
    },
    synthesize: (request) =>
      ask(request, (tts, own) => (paced.get(tts) ?? tts).synthesize({ ...own, voice: voiceFor(tts, own.voice) })),
  };
}

/** The voice itself where it is known, else the speaker's own. */
export function voiceFor(
  { voices, defaultVoice }: Pick<TextToSpeech, "voices" | "defaultVoice">,
  voice: string,
): string {
  return voices === undefined || voices.includes(voice) ? voice : defaultVoice;
}

/** Asks one provider after the other, until one answers. */
function inTurn<P extends Part>(stage: EngineStage, providers: readonly P[], options: FallbackOptions) {
  return <R extends { readonly signal: AbortSignal }, T>(
    request: R,
    ask: (provider: P, request: R) => AsyncIterable<T>,
  ): AsyncIterableIterator<T> =>
    cancellable(request.signal, (signal) =>
      fallbackStream({
        stage,
        options,
        signal,
        candidates: providers.map((provider) => ({
          provider,
          name: provider.name,
          open: (own) => ask(provider, { ...request, signal: own }),
        })),
      }),
    );
}

function together(stage: EngineStage, parts: readonly Part[]) {
  if (parts.length === 0) throw new TypeError(`A fallback of ${stage} needs at least one provider.`);
  return {
    name: parts.map(({ name }) => name).join(" | "),
    local: parts.every(({ local }) => local === true),
    close: () => closeEach(parts),
  };
}

/** Closes each once, all of them whatever happens; throws the first failure. */
export async function closeEach(parts: readonly ({ close?(): Promise<void> } | undefined)[]): Promise<void> {
  const closed = await Promise.allSettled([...new Set(parts)].map(async (part) => part?.close?.()));
  for (const result of closed) if (result.status === "rejected") throw result.reason;
}
