import { describe, expect, it } from "vitest";
import { readEnv, type EnvSource } from "../../lib/env";
import { StartError } from "../start-error";
import { MISSING_STT, planStage, type Found, type PlannedStage } from "./plan";

const nothing: Found = { pocketsphinx: false, whisper: false, ollama: undefined };
const ollama = { baseURL: "http://127.0.0.1:11434/v1", models: ["llama3.2:latest", "qwen3:4b"] };
const plan = (stage: PlannedStage, source: EnvSource, found: Partial<Found> = {}) =>
  planStage({ stage, env: readEnv(source), found: { ...nothing, ...found } });
const endpoint = (baseURL: string | undefined, apiKey: string | undefined, model: string) => ({
  type: "endpoint",
  endpoint: { baseURL, apiKey, model },
});

describe("planStage", () => {
  const table: [string, PlannedStage, EnvSource, Partial<Found>, object][] = [
    ["hears with pocketsphinx first", "stt", {}, { pocketsphinx: true, whisper: true }, { name: "pocketsphinx" }],
    ["hears with whisper-cli otherwise", "stt", {}, { whisper: true }, { name: "whisper-cli" }],
    ["says how to connect a recogniser", "stt", {}, {}, { type: "missing", message: MISSING_STT }],
    [
      "thinks with Ollama when it answers",
      "llm",
      {},
      { ollama },
      endpoint(ollama.baseURL, undefined, "llama3.2:latest"),
    ],
    [
      "thinks with the Ollama model that is asked for",
      "llm",
      { LLM_MODEL: "qwen3:4b" },
      { ollama },
      endpoint(ollama.baseURL, undefined, "qwen3:4b"),
    ],
    [
      "knows Ollama's latest tag",
      "llm",
      { LLM_MODEL: "llama3.2" },
      { ollama },
      endpoint(ollama.baseURL, undefined, "llama3.2"),
    ],
    ["thinks offline when Ollama is empty", "llm", {}, { ollama: { ...ollama, models: [] } }, { name: "offline" }],
    ["thinks offline otherwise", "llm", {}, {}, { name: "offline" }],
    ["speaks with Flite", "tts", {}, {}, { name: "flite" }],
    [
      "hears with OpenAI before what is local",
      "stt",
      { OPENAI_API_KEY: "k" },
      { pocketsphinx: true },
      endpoint(undefined, "k", "gpt-transcribe"),
    ],
    [
      "thinks with OpenAI before Ollama",
      "llm",
      { OPENAI_API_KEY: "k" },
      { ollama },
      endpoint(undefined, "k", "gpt-5.4-mini"),
    ],
    ["speaks with OpenAI", "tts", { OPENAI_API_KEY: "k" }, {}, endpoint(undefined, "k", "gpt-4o-mini-tts")],
    [
      "asks a look-alike for names that it knows",
      "stt",
      { OPENAI_BASE_URL: "http://a/v1" },
      {},
      endpoint("http://a/v1", undefined, "whisper-1"),
    ],
    [
      "asks for the configured model",
      "tts",
      { OPENAI_API_KEY: "k", TTS_MODEL: "tts-1-hd" },
      {},
      endpoint(undefined, "k", "tts-1-hd"),
    ],
    [
      "uses a stage's own service",
      "stt",
      { STT_BASE_URL: "http://b/v1", OPENAI_API_KEY: "k" },
      {},
      endpoint("http://b/v1", undefined, "whisper-1"),
    ],
    [
      "uses a stage's own key",
      "llm",
      { LLM_API_KEY: "own", OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://a/v1" },
      {},
      endpoint("http://a/v1", "own", "gpt-5.4-mini"),
    ],
    [
      "uses what is built in when it is asked for",
      "tts",
      { OPENAI_API_KEY: "k", TTS_MODEL: "flite" },
      {},
      { name: "flite", reason: "TTS_MODEL asks for it" },
    ],
    ["can think offline beside Ollama", "llm", { LLM_MODEL: "offline" }, { ollama }, { name: "offline" }],
  ];
  it.each(table)("%s", (_, stage, source, found, expected) => {
    expect(plan(stage, source, found)).toMatchObject(expected);
  });

  it("never sends OpenAI's key to another service", () => {
    const source = {
      OPENAI_API_KEY: "secret",
      STT_BASE_URL: "http://b/v1",
      TTS_BASE_URL: "http://c/v1",
      LLM_BASE_URL: "http://d/v1",
      LLM_MODEL: "x",
    };
    for (const stage of ["stt", "llm", "tts"] as const)
      expect(JSON.stringify(plan(stage, source))).not.toContain("secret");
  });

  it("gives every choice a reason, without keys", () => {
    for (const [, stage, source, found] of table) {
      const { reason } = plan(stage, source, found);
      expect(reason).toMatch(/\w{3}/);
      expect(reason).not.toMatch(/\bk\b|\bown\b/);
    }
  });

  const refused: [PlannedStage, EnvSource, Partial<Found>, RegExp][] = [
    [
      "stt",
      { STT_MODEL: "pocketsphinx" },
      {},
      /^STT_MODEL asks for pocketsphinx, which is not installed here: install it/,
    ],
    [
      "stt",
      { STT_MODEL: "whisper-cli" },
      { pocketsphinx: true },
      /^STT_MODEL asks for whisper-cli, which is not on PATH/,
    ],
    [
      "stt",
      { STT_MODEL: "whisper-1" },
      {},
      /^STT_MODEL asks for whisper-1, but there is no service to ask: set STT_BASE_URL/,
    ],
    ["llm", { LLM_MODEL: "gpt-4o" }, {}, /or use offline, which is built in/],
    [
      "llm",
      { LLM_MODEL: "mistral" },
      { ollama },
      /Ollama at 127\.0\.0\.1:11434 does not have: run ollama pull mistral/,
    ],
    ["tts", { TTS_MODEL: "tts-1" }, {}, /^TTS_MODEL asks for tts-1/],
  ];
  it.each(refused)("refuses %s with %j", (stage, source, found, message) => {
    expect(() => plan(stage, source, found)).toThrow(StartError);
    expect(() => plan(stage, source, found)).toThrow(message);
  });

  it("says which model name asks for what is not there", () => {
    const wish = { model: "gpt-4o", by: "REALTIME_MODELS (fast)" };
    const request = { stage: "llm", env: readEnv({}), found: nothing, wish } as const;
    expect(() => planStage(request)).toThrow(/^REALTIME_MODELS \(fast\) asks for gpt-4o/);
  });
});
