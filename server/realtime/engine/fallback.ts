/** Engines in order of preference: the next one answers when one is down. */
import { breakerOf } from "./breaker";
import { cancellable } from "./cancellable";
import { closeEach, voiceFor } from "./fallback-stages";
import { fallbackStream, type FallbackOptions } from "./fallback-stream";
import type { RelayEngine } from "./relay";
import type { Engine, ReplyEvent, ReplyRequest, SpeakRequest } from "./types";

/** What can answer for a model name. */
export type ModelEngine = Engine | RelayEngine | FallbackEngine;

/** Engines of different kinds. Which one holds a session is decided when it begins. */
export interface FallbackEngine {
  readonly kind: "fallback";
  readonly name: string;
  readonly voices: readonly string[] | undefined;
  readonly candidates: readonly (Engine | RelayEngine)[];
  readonly options: FallbackOptions;
  close?(): Promise<void>;
}

/**
 * Engines in order of preference. Pipelines stand in for each other reply by reply, as long as nothing was emitted; a
 * relay stands in, or is stood in for, when a session begins. Whoever fails `failures` times in a row is left out for
 * `outMs`, then tried once.
 *
 * @throws TypeError when there is none.
 */
export function fallback(engines: readonly ModelEngine[], options: FallbackOptions = {}): ModelEngine {
  const flat = engines.flatMap((engine) => (engine.kind === "fallback" ? engine.candidates : [engine]));
  const [first] = flat;
  if (first === undefined) throw new TypeError("A fallback needs at least one engine.");
  if (flat.length === 1) return first;
  for (const engine of flat) breakerOf(engine, options);
  const candidates = joinPipelines(flat, options);
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) return only;
  return {
    kind: "fallback",
    name: flat.map(({ name }) => name).join(" | "),
    voices: first.voices,
    candidates,
    options,
    close: () => closeEach(flat),
  };
}

/** Neighbours that are pipelines become one. */
function joinPipelines(
  engines: readonly (Engine | RelayEngine)[],
  options: FallbackOptions,
): readonly (Engine | RelayEngine)[] {
  const joined: (Engine | RelayEngine)[] = [];
  let run: Engine[] = [];
  const flush = (): void => {
    if (run.length > 0) joined.push(fallbackPipeline(run, options));
    run = [];
  };
  for (const engine of engines) {
    if (engine.kind !== "relay") {
      run.push(engine);
      continue;
    }
    flush();
    joined.push(engine);
  }
  flush();
  return joined;
}

function fallbackPipeline(engines: readonly Engine[], options: FallbackOptions): Engine {
  const first = engines[0]!;
  const listener = engines.find(({ listen }) => listen !== undefined);
  const able = engines.filter(({ transcripts }) => transcripts !== "none");
  const recognisers = able.length > 0 ? able : engines;
  const known = engines.map(({ contextTokens }) => contextTokens).filter((tokens) => tokens !== undefined);
  type Open<R> = (engine: Engine, request: R) => AsyncIterable<ReplyEvent>;
  const reply = <R extends ReplyRequest | SpeakRequest>(stage: "llm" | "tts", request: R, open: Open<R>) =>
    cancellable(request.signal, (signal) =>
      fallbackStream({
        stage,
        options,
        signal,
        // Words of which nothing was heard yet are still held back.
        isPrelude: (event) => request.modality === "audio" && event.type === "speech",
        candidates: engines.map((engine) => ({
          provider: engine,
          name: engine.name,
          open: (own) => open(engine, { ...request, voice: voiceFor(engine, request.voice), signal: own }),
        })),
      }),
    );
  const joined: Engine = {
    name: engines.map(({ name }) => name).join(" | "),
    get voices() {
      return first.voices;
    },
    get defaultVoice() {
      return first.defaultVoice;
    },
    local: engines.every(({ local }) => local === true),
    contextTokens: known.length === 0 ? undefined : Math.min(...known),
    cannotTranslate: engines.find(({ cannotTranslate }) => cannotTranslate !== undefined)?.cannotTranslate,
    vad: engines.find(({ vad }) => vad !== undefined)?.vad,
    turns: engines.find(({ turns }) => turns !== undefined)?.turns,
    noise: engines.find(({ noise }) => noise !== undefined)?.noise,
    transcripts: transcriptsOf(engines),
    respond: (request) => reply("llm", request, (engine, own) => engine.respond(own)),
    ...(engines.every(({ speak }) => speak !== undefined) && {
      speak: (request) => reply("tts", request, (engine, own) => engine.speak!(own)),
    }),
    transcribe: (request) =>
      cancellable(request.signal, (signal) =>
        fallbackStream({
          stage: "stt",
          options,
          signal,
          candidates: recognisers.map((engine) => ({
            provider: engine.transcribe,
            name: engine.name,
            open: (own) => engine.transcribe({ ...request, signal: own }),
          })),
        }),
      ),
    // What breaks off while somebody speaks is recognised afterwards, by whoever can.
    ...(listener?.listen !== undefined && { listen: (request) => listener.listen!(request) }),
    close: () => closeEach(engines),
  };
  insides.set(joined, engines);
  return joined;
}

/** Whoever may answer must be able to. */
function transcriptsOf(engines: readonly Engine[]): Engine["transcripts"] {
  const all = engines.map(({ transcripts = "needed" }) => transcripts);
  return (["needed", "beside"] as const).find((each) => all.includes(each)) ?? "none";
}

/** What a joined pipeline is made of. */
const insides = new WeakMap<Engine, readonly Engine[]>();

/** Whether it is left out just now; of pipelines that stand in for each other, all of them. */
export function isOut(engine: Engine | RelayEngine): boolean {
  const parts = (engine.kind === "relay" ? undefined : insides.get(engine)) ?? [engine];
  return parts.every((part) => breakerOf(part).isOut);
}
