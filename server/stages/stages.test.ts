import { describe, expect, it } from "vitest";
import { readEnv, type EnvSource } from "../../lib/env";
import type { ModelEngine } from "../realtime/engine/fallback";
import type {
  Engine,
  LanguageModel,
  SpeechToText,
  TextToSpeech,
  VoiceActivityDetector,
} from "../realtime/engine/types";
import { OFFICIAL_MODELS } from "../realtime/live/models";
import type { Endpoint, Found } from "./plan";
import type { Providers } from "./providers";
import { buildStages } from "./stages";

const found: Found = { pocketsphinx: true, whisper: false, ollama: undefined };

/** Providers that do nothing but say their names, and keep count. */
function fakes(changes: Partial<Providers> = {}) {
  const made: string[] = [];
  const closed: string[] = [];
  const part = (name: string) => {
    made.push(name);
    return { name, close: async () => void closed.push(name) };
  };
  const stt = (name: string): SpeechToText => ({
    ...part(name),
    capabilities: { streaming: false },
    transcribe: async function* () {},
  });
  const llm = (name: string): LanguageModel => ({
    ...part(name),
    capabilities: { tools: true, images: false },
    generate: async function* () {},
  });
  const tts = (name: string, voices?: string[]): TextToSpeech => ({
    ...part(name),
    capabilities: { streaming: false, speed: false },
    voices,
    defaultVoice: "alloy",
    synthesize: async function* () {},
  });
  const vad = (): VoiceActivityDetector => ({ ...part("silero"), open: () => ({ push() {}, close() {} }) });
  const providers: Providers = {
    find: async () => found,
    endpointStt: ({ model }: Endpoint) => stt(model),
    endpointLlm: ({ model }: Endpoint) => llm(model),
    endpointTts: ({ model }: Endpoint) => tts(model),
    endpointSpeech: ({ model }, { speaks, voice = "alloy" }) => ({
      ...part(model),
      capabilities: { tools: true, images: false, speaks },
      voices: undefined,
      defaultVoice: voice,
      converse: async function* () {},
    }),
    builtInStt: async (name) => stt(name),
    offline: () => llm("offline"),
    flite: async () => tts("flite", ["alloy", "nova", "kal16"]),
    silero: async () => vad(),
    smartTurn: async ({ model }) => ({ ...part(model), judge: () => 1 }),
    rnnoise: async () => ({
      ...part("rnnoise"),
      open: () => ({ delaySamples: 0, process: (all) => all, flush: () => new Int16Array(0), close() {} }),
    }),
    ...changes,
  };
  return { providers, made, closed };
}

function pipelineOf(engine: ModelEngine | undefined): Engine {
  if (engine === undefined || engine.kind === "relay" || engine.kind === "fallback")
    throw new Error("It is no pipeline.");
  return engine;
}

const build = (source: EnvSource, { providers }: ReturnType<typeof fakes> = fakes()) =>
  buildStages(readEnv(source), providers);

describe("buildStages", () => {
  it("asks a model that judges pauses, where one is named, and says when it cannot be had", async () => {
    const all = fakes();
    const stages = await build({ TURN_MODEL: "smart.onnx" }, all);
    expect(pipelineOf(stages.engine).turns?.name).toBe("smart.onnx");
    await stages.close();
    expect(all.closed).toContain("smart.onnx");
    const broken = fakes({ smartTurn: () => Promise.reject(new Error("It is no model.")) });
    await expect(build({ TURN_MODEL: "x.onnx" }, broken)).rejects.toThrow('TURN_MODEL="x.onnx": It is no model.');
  });

  it("says which whisper model is not there", async () => {
    const absent = fakes({ find: ({ whisperModel }) => Promise.reject(new Error(`No ${whisperModel}.`)) });
    await expect(build({ WHISPER_MODEL: "y.bin" }, absent)).rejects.toThrow('WHISPER_MODEL="y.bin": No y.bin.');
  });

  it("answers for antiphon and every official name with one engine's parts, without any configuration", async () => {
    const all = fakes();
    const stages = await build({}, all);
    expect(Object.keys(stages.models)).toEqual(["antiphon", ...OFFICIAL_MODELS]);
    expect(stages.engine.name).toBe("pipeline(pocketsphinx → offline → flite)");
    expect(stages.choices.map(({ stage, chosen }) => [stage, chosen])).toEqual([
      ["stt", "pocketsphinx"],
      ["llm", "offline"],
      ["tts", "flite"],
      ["vad", "silero"],
    ]);
    expect(all.made.sort()).toEqual(["flite", "offline", "pocketsphinx", "rnnoise", "silero"]);
  });

  it("gives each model name its own stages, and shares what is the same", async () => {
    const all = fakes();
    const models = "antiphon,fast=llm:gpt-fast+voice:nova,private=stt:pocketsphinx+llm:offline+tts:flite";
    const stages = await build({ OPENAI_API_KEY: "k", REALTIME_MODELS: models }, all);
    expect(
      Object.entries(stages.models).map(([name, engine]) => [name, engine.name, pipelineOf(engine).defaultVoice]),
    ).toEqual([
      ["antiphon", "pipeline(gpt-transcribe → gpt-5.4-mini → gpt-4o-mini-tts)", "alloy"],
      ["fast", "pipeline(gpt-transcribe → gpt-fast → gpt-4o-mini-tts)", "nova"],
      ["private", "pipeline(pocketsphinx → offline → flite)", "alloy"],
    ]);
    expect(all.made).toHaveLength(new Set(all.made).size);
  });

  it("passes names on to other servers, with their keys, and has the stages stand in", async () => {
    const all = fakes();
    const models =
      "a=relay:https://api.openai.com/v1|stages,b=relay:wss://x.openai.azure.com/openai/v1+model:mine+key:AZURE_KEY,c=llm:offline|llm:gpt-x";
    const stages = await build({ OPENAI_API_KEY: "k1", AZURE_KEY: "k2", REALTIME_MODELS: models }, all);
    const { a, b, c } = stages.models;
    expect(a).toMatchObject({
      kind: "fallback",
      candidates: [{ name: "relay(api.openai.com)" }, { name: expect.stringContaining("gpt-5") }],
    });
    if (b?.kind !== "relay" || a?.kind !== "fallback" || a.candidates[0]?.kind !== "relay")
      throw new Error("No relays.");
    expect([a.candidates[0].upstream.headers(), b.upstream.headers()]).toEqual([
      { authorization: "Bearer k1" },
      { "api-key": "k2" },
    ]);
    expect(b.upstream.address({ model: "b", transcription: false }).search).toBe("?model=mine");
    expect(pipelineOf(c).name).toMatch(/offline.* \| .*gpt-x/);
    expect(stages.engine).toBe(a);
  });

  it("has a model that hears in place of the language model, with its own voice", async () => {
    const all = fakes();
    const source = { SPEECH_BASE_URL: "http://omni/v1", SPEECH_MODEL: "omni", SPEECH_VOICE: "ash", TTS_VOICE: "nova" };
    const models = "a,b=llm:offline,c=speech:other+voice:coral,d=relay:wss://x/v1|stages";
    const { models: made, choices } = await build({ ...source, REALTIME_MODELS: models }, all);
    const [a, b, c] = [pipelineOf(made.a), pipelineOf(made.b), pipelineOf(made.c)];
    expect([a.name, b.name, c.name]).toEqual([
      "speech-to-speech(omni + pocketsphinx + flite)",
      "pipeline(pocketsphinx → offline → flite)",
      "speech-to-speech(other + pocketsphinx + flite)",
    ]);
    expect([a.defaultVoice, b.defaultVoice, c.defaultVoice]).toEqual(["ash", "nova", "coral"]);
    expect(made.d).toMatchObject({ kind: "fallback" });
    expect(choices.map(({ stage }) => stage)).toEqual(["stt", "speech", "tts", "vad"]);
    expect(choices[1]).toMatchObject({
      chosen: "omni",
      reason: "hears and speaks by itself, at omni, from SPEECH_BASE_URL",
    });
  });

  it("has what a model that only hears writes said by the voice, and does without a recogniser", async () => {
    const all = fakes({ find: async () => ({ ...found, pocketsphinx: false }) });
    const source = { OPENAI_BASE_URL: "http://omni/v1", STT_MODEL: "x", SPEECH_MODEL: "omni", SPEECH_OUTPUT: "text" };
    const { engine, choices } = await build({ ...source, TTS_MODEL: "flite", TTS_VOICE: "nova" }, all);
    expect([pipelineOf(engine).defaultVoice, choices[1]?.reason]).toEqual([
      "nova",
      "hears by itself, at omni, from OPENAI_BASE_URL",
    ]);
    const local = await build({ SPEECH_BASE_URL: "http://omni/v1", SPEECH_MODEL: "omni" }, all);
    expect(pipelineOf(local.engine).name).toBe("speech-to-speech(omni + flite)");
    expect(pipelineOf(local.engine).transcripts).toBe("none");
    await expect(build({ SPEECH_MODEL: "omni" })).rejects.toThrow(
      "SPEECH_MODEL asks for omni, but there is no service to ask: set SPEECH_BASE_URL or OPENAI_API_KEY.",
    );
  });

  it("gives the language model as much context as LLM_CONTEXT_TOKENS says", async () => {
    const { engine } = await build({ LLM_CONTEXT_TOKENS: "8192" });
    expect(pipelineOf(engine).contextTokens).toBe(8192);
  });

  it("speaks with TTS_VOICE, but not where a model name has another speaker", async () => {
    const source = { OPENAI_API_KEY: "k", TTS_VOICE: "marin", REALTIME_MODELS: "a,b=tts:flite" };
    const { models } = await build(source);
    expect([pipelineOf(models.a).defaultVoice, pipelineOf(models.b).defaultVoice]).toEqual(["marin", "alloy"]);
  });

  it("refuses a voice that the speaker does not have, and frees what it had made", async () => {
    const all = fakes();
    await expect(build({ TTS_VOICE: "marin" }, all)).rejects.toThrow(
      "TTS_VOICE asks for the voice marin, which flite does not have: choose one of alloy, nova, kal16.",
    );
    expect(all.closed.sort()).toEqual(all.made.sort());
    await expect(build({ REALTIME_MODELS: "a=voice:x" })).rejects.toThrow(
      /^REALTIME_MODELS \(a\) asks for the voice x/,
    );
  });

  it("starts without a recogniser, and says in one sentence how to connect one", async () => {
    const all = fakes({ find: async () => ({ ...found, pocketsphinx: false }) });
    const { engine, choices } = await build({}, all);
    expect(choices[0]).toMatchObject({ stage: "stt", chosen: "none" });
    const request = { audio: { samples: new Int16Array(1), sampleRate: 24_000 }, signal: new AbortController().signal };
    const heard = async (): Promise<void> => {
      for await (const _ of pipelineOf(engine).transcribe(request));
    };
    await expect(heard()).rejects.toThrow(/no speech recogniser: set STT_BASE_URL or OPENAI_API_KEY, or install/);
  });

  it("starts without the packages of Flite, Silero and RNNoise, and says so", async () => {
    const absent = (name: string) => async () => Promise.reject(new Error(`install the package ${name}`));
    const stages = await build(
      {},
      fakes({ flite: absent("flite"), silero: absent("onnx"), rnnoise: absent("rnnoise") }),
    );
    expect([pipelineOf(stages.engine).vad, pipelineOf(stages.engine).noise]).toEqual([undefined, undefined]);
    expect(stages.choices.slice(2)).toEqual([
      { stage: "tts", chosen: "none", reason: "install the package flite" },
      { stage: "vad", chosen: "none", reason: "turn detection is refused: install the package onnx" },
    ]);
  });

  it("closes every provider once, whatever happens", async () => {
    const all = fakes();
    const stages = await build({ REALTIME_MODELS: "a,b,c=llm:offline" }, all);
    await stages.close();
    expect(all.closed.sort()).toEqual(["flite", "offline", "pocketsphinx", "rnnoise", "silero"]);
  });
});
