import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ENV_VARIABLES, type Env, EnvError, type EnvSource, loadEnv, readEnv } from "./env";
import type { RelayChoice } from "./env-models";

function problemsOf(source: EnvSource): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

const relayTo = (url: string, changes: Partial<RelayChoice> = {}): RelayChoice => ({
  type: "relay",
  url,
  model: undefined,
  keyVariable: undefined,
  apiKey: undefined,
  ...changes,
});

describe("readEnv", () => {
  it("needs nothing", () => {
    const none = { baseURL: undefined, apiKey: undefined, model: undefined };
    expect(readEnv({})).toEqual<Env>({
      port: 3000,
      host: "127.0.0.1",
      tls: { mode: "generated" },
      apiKeys: [],
      openai: { apiKey: undefined, baseURL: undefined },
      stt: none,
      llm: none,
      tts: { ...none, voice: undefined },
      speech: { ...none, voice: undefined, output: "audio" },
      whisperModel: undefined,
      turnModel: undefined,
      models: undefined,
      outboundAllow: { hosts: [], networks: [] },
      trustedProxies: [],
      dataDir: ".data",
      storage: { databaseUrl: undefined, redisUrl: undefined, secret: undefined, owner: undefined, s3: undefined },
      webrtc: { udpPort: undefined, publicIp: undefined, bindAddress: undefined, iceServers: [] },
      people: {
        logins: {},
        mail: { smtpUrl: undefined, from: "antiphon <antiphon@localhost>" },
        signUp: "invited",
        publicUrl: undefined,
      },
      logLevel: "info",
    });
  });

  it("takes empty and blank values as unset, as a copied .env.example has them", () => {
    const blank = Object.fromEntries(ENV_VARIABLES.map((name, index) => [name, index % 2 === 0 ? "" : "  "]));
    expect(readEnv(blank)).toEqual(readEnv({}));
  });

  const accepted: [string, EnvSource, Partial<Env>][] = [
    ["a port", { PORT: " 8080 " }, { port: 8080 }],
    ["any free port", { PORT: "0" }, { port: 0 }],
    ["an address", { HOST: "::1" }, { host: "::1" }],
    ["TLS off in any case", { TLS: "OFF" }, { tls: { mode: "off" } }],
    ["TLS on", { TLS: "on" }, { tls: { mode: "generated" } }],
    [
      "a certificate of one's own",
      { TLS_CERT: "a.pem", TLS_KEY: "b.pem" },
      { tls: { mode: "own", certFile: "a.pem", keyFile: "b.pem" } },
    ],
    ["several keys, each once", { ANTIPHON_API_KEY: "sk-one, sk-two ,,sk-one" }, { apiKeys: ["sk-one", "sk-two"] }],
    [
      "an OpenAI account",
      { OPENAI_API_KEY: "sk-x", OPENAI_BASE_URL: "https://proxy.example/v1" },
      { openai: { apiKey: "sk-x", baseURL: "https://proxy.example/v1" } },
    ],
    [
      "a stage of its own",
      { LLM_BASE_URL: "http://127.0.0.1:11434/v1", LLM_MODEL: "llama3.2:3b", LLM_API_KEY: "none" },
      { llm: { baseURL: "http://127.0.0.1:11434/v1", model: "llama3.2:3b", apiKey: "none" } },
    ],
    [
      "a voice",
      { TTS_VOICE: "nova" },
      { tts: { baseURL: undefined, apiKey: undefined, model: undefined, voice: "nova" } },
    ],
    [
      "a model that judges pauses",
      { TURN_MODEL: "smart.onnx", TURN_MODEL_SHA256: "aB".repeat(32) },
      { turnModel: { model: "smart.onnx", sha256: "aB".repeat(32) } },
    ],
    ["a whisper model", { WHISPER_MODEL: "base.bin" }, { whisperModel: "base.bin" }],
    ["a data folder", { DATA_DIR: "/var/lib/antiphon" }, { dataDir: "/var/lib/antiphon" }],
    ["a log level in any case", { LOG_LEVEL: "Debug" }, { logLevel: "debug" }],
    [
      "model names with and without settings",
      { REALTIME_MODELS: "antiphon, fast=llm:llama3.2:3b + voice:nova ,ft:org/x=tts:flite," },
      {
        models: [
          { name: "antiphon", choices: [{ type: "stages", settings: {} }] },
          { name: "fast", choices: [{ type: "stages", settings: { llm: "llama3.2:3b", voice: "nova" } }] },
          { name: "ft:org/x", choices: [{ type: "stages", settings: { tts: "flite" } }] },
        ],
      },
    ],
    [
      "relays with second choices, and their keys by variable",
      {
        OPENAI_API_KEY: "sk-openai",
        AZURE_KEY: "az",
        REALTIME_MODELS:
          "a=relay:https://api.openai.com/v1|stages," +
          "b=relay:https://x.openai.azure.com/openai/v1+model:mine+key:AZURE_KEY | llm:offline," +
          "c=relay:ws://127.0.0.1:3001/v1/realtime",
      },
      {
        models: [
          {
            name: "a",
            choices: [relayTo("https://api.openai.com/v1", { apiKey: "sk-openai" }), { type: "stages", settings: {} }],
          },
          {
            name: "b",
            choices: [
              relayTo("https://x.openai.azure.com/openai/v1", {
                model: "mine",
                keyVariable: "AZURE_KEY",
                apiKey: "az",
              }),
              { type: "stages", settings: { llm: "offline" } },
            ],
          },
          { name: "c", choices: [relayTo("ws://127.0.0.1:3001/v1/realtime")] },
        ],
      },
    ],
    [
      "the tokens of a model's context",
      { LLM_CONTEXT_TOKENS: "8192" },
      { llm: { baseURL: undefined, apiKey: undefined, model: undefined, contextTokens: 8192 } },
    ],
  ];
  it.each(accepted)("accepts %s", (_, source, expected) => {
    expect(readEnv(source)).toMatchObject(expected);
  });

  const refused: [EnvSource, RegExp][] = [
    [{ OUTBOUND_ALLOW: "10.0.0.0/99" }, /^OUTBOUND_ALLOW="10.0.0.0\/99": "10.0.0.0\/99" is neither/],
    [{ PORT: "http" }, /^PORT="http": must be a whole number/],
    [{ PORT: "65536" }, /^PORT="65536": must be a whole number/],
    [{ PORT: "-1" }, /^PORT/],
    [{ HOST: "http://localhost" }, /^HOST="http:\/\/localhost": must be an address or a name alone/],
    [{ TLS: "maybe" }, /^TLS="maybe": must be on .* or off/],
    [{ TLS_CERT: "a.pem" }, /^TLS_CERT is set without TLS_KEY/],
    [{ TLS_KEY: "a.pem" }, /^TLS_KEY is set without TLS_CERT/],
    [{ TLS: "off", TLS_CERT: "a", TLS_KEY: "b" }, /^TLS=off and TLS_CERT exclude each other/],
    [{ ANTIPHON_API_KEY: "," }, /^ANTIPHON_API_KEY: names no key/],
    [{ ANTIPHON_API_KEY: "has space" }, /^ANTIPHON_API_KEY: keys must be printable/],
    [{ OPENAI_API_KEY: "sk-\nx" }, /^OPENAI_API_KEY: must be one word/],
    [{ OPENAI_BASE_URL: "api.openai.com" }, /^OPENAI_BASE_URL="api.openai.com": must be a URL/],
    [{ STT_BASE_URL: "ftp://x/v1" }, /^STT_BASE_URL=.* must be a URL/],
    [{ SPEECH_OUTPUT: "smell" }, /^SPEECH_OUTPUT="smell": must be audio or text$/],
    [{ LLM_BASE_URL: "http://x/v1" }, /^LLM_BASE_URL is set without LLM_MODEL/],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL="loud": must be one of trace, /],
    [{ REALTIME_MODELS: "," }, /^REALTIME_MODELS=",": it names no model/],
    [{ REALTIME_MODELS: "a b" }, /"a b" has no usable name/],
    [{ REALTIME_MODELS: "=llm:x" }, /has no usable name/],
    [{ REALTIME_MODELS: "a,a" }, /"a" is listed twice/],
    [{ REALTIME_MODELS: "a=gpt-4o" }, /"gpt-4o" of "a" is not understood/],
    [{ REALTIME_MODELS: "a=brain:gpt-4o" }, /"brain:gpt-4o" of "a" is not understood/],
    [{ REALTIME_MODELS: "a=llm:" }, /"llm:" of "a" is not understood/],
    [{ REALTIME_MODELS: "a=llm:x+llm:y" }, /"a" sets llm twice/],
    [{ REALTIME_MODELS: "a=relay:host" }, /"relay:host" of "a" is no URL like https:/],
    [{ REALTIME_MODELS: "a=relay:https://h/v1+voice:x" }, /"voice:x" of "a" is not understood/],
    [{ REALTIME_MODELS: "a=llm:x|relay:wss://h/v1+key:NOT_SET" }, /"a" takes its key from NOT_SET, which is not set/],
    [{ REALTIME_MODELS: "a=relay:https://api.openai.com/v1" }, /takes its key from OPENAI_API_KEY, which is not set/],
    [{ REALTIME_MODELS: "a=relay:wss://h/v1+key:sk-se cret" }, /key: of "a" must name the variable that holds the key/],
    [{ REALTIME_MODELS: "a=|stages" }, /"" of "a" is not understood/],
    [{ LLM_CONTEXT_TOKENS: "many" }, /must be a whole number of tokens/],
  ];
  it.each(refused)("refuses %j", (source, message) => {
    const problems = problemsOf(source);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("lists every problem at once, conflicts included", () => {
    const problems = problemsOf({ PORT: "x", LOG_LEVEL: "y", TLS_CERT: "z", REALTIME_MODELS: "a=b,c=d" });
    expect(problems.map((problem) => /^\w+/.exec(problem)?.[0])).toEqual([
      "PORT",
      "REALTIME_MODELS",
      "REALTIME_MODELS",
      "LOG_LEVEL",
      "TLS_CERT",
    ]);
  });

  it("never repeats a key", () => {
    const source = { ANTIPHON_API_KEY: "se cret", OPENAI_API_KEY: "se cret", LLM_API_KEY: "se cret" };
    const problems = problemsOf(source);
    expect(problems).toHaveLength(3);
    expect(problems.join("\n")).not.toContain("cret");
    const inUrl = problemsOf({ REALTIME_MODELS: "a=relay:https://h/v1?api-key=cret,b=relay:https://u:cret@h/v1" });
    expect(inUrl).toHaveLength(2);
    expect(inUrl.join("\n")).toMatch(/holds a key: put it into a variable of its own and write key:VARIABLE/);
    expect(inUrl.join("\n")).not.toContain("cret");
  });
});

describe("loadEnv", () => {
  afterEach(() => {
    delete process.env.TTS_VOICE;
    delete process.env.STT_MODEL;
  });

  it("reads the file, and what is already set wins", () => {
    const file = join(mkdtempSync(join(tmpdir(), "antiphon-env-")), ".env");
    writeFileSync(file, "# comment\nTTS_VOICE=kal16\nSTT_MODEL=whisper-cli\n");
    process.env.STT_MODEL = "pocketsphinx";
    const env = loadEnv(file);
    expect([env.tts.voice, env.stt.model]).toEqual(["kal16", "pocketsphinx"]);
  });

  it("says so when the file cannot be read", () => {
    expect(() => loadEnv(tmpdir())).toThrow(EnvError);
  });
});

describe(".env.example", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const settings = [...example.matchAll(/^#([A-Z\d_]+)=(.*)$/gm)];

  it("lists every variable once, and no other", () => {
    expect(settings.map(([, name]) => name).sort()).toEqual([...ENV_VARIABLES].sort());
  });

  it("holds values that are accepted", () => {
    expect(() => readEnv(Object.fromEntries(settings.map(([, name, value]) => [name, value])))).not.toThrow();
  });
});
