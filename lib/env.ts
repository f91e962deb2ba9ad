/** The environment, checked once at start: every problem is listed at once, and each says what to fix. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { type WebRtcEnv, webRtcEnv, webRtcVariables } from "./env-webrtc";
import { type ModelEntry, parseModels, withoutKey, withRelayKeys } from "./env-models";
import { loginConflicts, loginVariables, LOGIN_SECRETS, type LoginsEnv, toLoginsEnv } from "./env-logins";
import { STORAGE_SECRETS, type StorageEnv, storageConflicts, storageVariables, toStorageEnv } from "./env-storage";
import { type Networks, parseNetworks } from "./networks";
import { ALLOW_NOTHING, type OutboundAllow, parseOutboundAllow } from "./outbound-allow";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where one stage runs, as far as the environment says. */
export interface StageEnv {
  readonly baseURL: string | undefined;
  readonly apiKey: string | undefined;
  /** A model of the endpoint, or the name of something built in. */
  readonly model: string | undefined;
}

export interface SpeechEnv extends StageEnv {
  readonly voice: string | undefined;
  /** Whether it answers in speech, or in words that TTS_… says. */
  readonly output: "audio" | "text";
}

export type TlsEnv =
  | { readonly mode: "generated" }
  | { readonly mode: "off" }
  | { readonly mode: "own"; readonly certFile: string; readonly keyFile: string };

export interface Env {
  readonly port: number;
  readonly host: string;
  readonly tls: TlsEnv;
  /** Bootstrap keys; empty: one is generated and kept in the data folder. */
  readonly apiKeys: readonly string[];
  readonly openai: { readonly apiKey: string | undefined; readonly baseURL: string | undefined };
  readonly stt: StageEnv;
  readonly llm: StageEnv & { readonly contextTokens?: number | undefined };
  readonly tts: StageEnv & { readonly voice: string | undefined };
  /** A model that hears, and may speak, in place of the language model. */
  readonly speech: SpeechEnv;
  /** The file of a whisper.cpp model. Undefined: one in the usual places. */
  readonly whisperModel: string | undefined;
  /** An ONNX model that says when a speaker is done. Undefined: the built-in estimator. */
  readonly turnModel: { readonly model: string; readonly sha256: string | undefined } | undefined;
  /** Undefined: the official realtime names and `antiphon`. */
  readonly models: readonly ModelEntry[] | undefined;
  /** Hosts and networks inside that URLs entered by users may lead to. */
  readonly outboundAllow: OutboundAllow;
  /** Proxies in front, which say for whom they ask. */
  readonly trustedProxies: Networks;
  readonly dataDir: string;
  readonly storage: StorageEnv;
  readonly webrtc: WebRtcEnv;
  readonly people: LoginsEnv;
  readonly logLevel: LogLevel;
}

/** The environment cannot be used. `message` lists every problem, one a line. */
export class EnvError extends Error {
  override readonly name = "EnvError";
  constructor(readonly problems: readonly string[]) {
    const head = problems.length === 1 ? "The configuration has a problem:" : "The configuration has problems:";
    super([head, ...problems.map((problem) => `  - ${problem}`)].join("\n"));
  }
}

export type EnvSource = Readonly<Record<string, string | undefined>>;

const text = z.string().optional();
const url = z.url({ protocol: /^https?$/, error: "must be a URL like http://127.0.0.1:8000/v1" }).optional();
const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "must be one word of printable ASCII characters, without spaces")
  .optional();
const tlsChoice = "must be on (a certificate of our own making) or off (behind a proxy that serves TLS)";

const variables = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a whole number from 0 (any free port) to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a whole number from 0 (any free port) to 65535")
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, "must be an address or a name alone, for example 127.0.0.1 or 0.0.0.0")
    .default("127.0.0.1"),
  TLS: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["on", "off"], tlsChoice))
    .optional(),
  TLS_CERT: text,
  TLS_KEY: text,
  ANTIPHON_API_KEY: z
    .string()
    .transform((list) => [
      ...new Set(
        list
          .split(",")
          .map((key) => key.trim())
          .filter(Boolean),
      ),
    ])
    .refine((keys) => keys.length > 0, "names no key: give at least one, or leave the variable out")
    .refine((keys) => keys.every((key) => /^[\x21-\x7e]+$/.test(key)), "keys must be printable ASCII, without spaces")
    .default([]),
  OPENAI_API_KEY: secret,
  OPENAI_BASE_URL: url,
  STT_BASE_URL: url,
  STT_API_KEY: secret,
  STT_MODEL: text,
  LLM_BASE_URL: url,
  LLM_API_KEY: secret,
  LLM_MODEL: text,
  LLM_CONTEXT_TOKENS: z
    .string()
    .regex(/^\d{3,8}$/, "must be a whole number of tokens, for example 32768")
    .transform(Number)
    .optional(),
  TTS_BASE_URL: url,
  TTS_API_KEY: secret,
  TTS_MODEL: text,
  TTS_VOICE: text,
  SPEECH_BASE_URL: url,
  SPEECH_API_KEY: secret,
  SPEECH_MODEL: text,
  SPEECH_VOICE: text,
  SPEECH_OUTPUT: z.enum(["audio", "text"], "must be audio or text").default("audio"),
  WHISPER_MODEL: text,
  TURN_MODEL: text,
  TURN_MODEL_SHA256: z
    .string()
    .regex(/^[\da-f]{64}$/i, "must be the 64 hexadecimal digits of a SHA-256 checksum")
    .optional(),
  REALTIME_MODELS: z
    .string()
    .transform((value, context) => parseModels(value, (message) => context.addIssue({ code: "custom", message })))
    .optional(),
  OUTBOUND_ALLOW: z
    .string()
    .transform((value, context) =>
      parseOutboundAllow(value, (message) => context.addIssue({ code: "custom", message })),
    )
    .default(ALLOW_NOTHING),
  TRUSTED_PROXIES: z
    .string()
    .transform((value, context) => parseNetworks(value, (message) => context.addIssue({ code: "custom", message })))
    .default([]),
  DATA_DIR: z.string().default(".data"),
  ...storageVariables,
  ...webRtcVariables,
  ...loginVariables,
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`))
    .default("info"),
});

/** Every variable that antiphon reads, for `.env.example` and its test. */
export const ENV_VARIABLES: readonly string[] = Object.keys(variables.shape);

const SECRET = /KEY$|ICE_SERVERS$/;

/** Checks `source`; empty values count as unset. Throws `EnvError`. */
export function readEnv(source: EnvSource): Env {
  const given = Object.fromEntries(
    ENV_VARIABLES.map((name) => [name, source[name]?.trim()]).filter(
      ([, value]) => value !== undefined && value !== "",
    ),
  );
  const result = variables.safeParse(given);
  const problems = result.success ? [] : result.error.issues.map((issue) => describe(issue, given));
  problems.push(...conflicts(given));
  const report = (problem: string): void => void problems.push(`REALTIME_MODELS: ${problem}`);
  const models =
    result.data?.REALTIME_MODELS && withRelayKeys(result.data.REALTIME_MODELS, (name) => source[name], report);
  if (!result.success || problems.length > 0) throw new EnvError(problems);
  return { ...toEnv(result.data), models };
}

/** Reads `.env` in the working directory, if there is one; what is set already wins. Throws `EnvError`. */
export function loadEnvFile(file = ".env"): void {
  if (!existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw new EnvError([`${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`]);
  }
}

/** Reads `.env`, then checks the environment. Throws `EnvError`. */
export function loadEnv(file?: string): Env {
  loadEnvFile(file);
  return readEnv(process.env);
}

function describe(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0] ?? "");
  const secret = [SECRET, STORAGE_SECRETS, LOGIN_SECRETS].some((names) => names.test(name));
  const shown = secret ? name : `${name}="${withoutKey(given[name] ?? "")}"`;
  return `${shown}: ${issue.message}`;
}

/** What no single variable shows; works on raw values, so that it is reported beside their own problems. */
function conflicts(given: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  if (given.TLS_CERT !== undefined && given.TLS_KEY === undefined)
    problems.push("TLS_CERT is set without TLS_KEY: name the certificate's private key file too");
  if (given.TLS_KEY !== undefined && given.TLS_CERT === undefined)
    problems.push("TLS_KEY is set without TLS_CERT: name the certificate file too");
  if (given.TLS?.toLowerCase() === "off" && given.TLS_CERT !== undefined)
    problems.push("TLS=off and TLS_CERT exclude each other: remove one of them");
  if (given.LLM_BASE_URL !== undefined && given.LLM_MODEL === undefined)
    problems.push("LLM_BASE_URL is set without LLM_MODEL: name the model to ask for there");
  if (given.TURN_MODEL_SHA256 !== undefined && given.TURN_MODEL === undefined)
    problems.push("TURN_MODEL_SHA256 is set without TURN_MODEL: name the model that it belongs to");
  problems.push(...storageConflicts(given));
  problems.push(...loginConflicts(given));
  return problems;
}

function toEnv(data: z.output<typeof variables>): Omit<Env, "models"> {
  return {
    port: data.PORT,
    host: data.HOST,
    tls: tlsEnv(data),
    apiKeys: data.ANTIPHON_API_KEY,
    openai: { apiKey: data.OPENAI_API_KEY, baseURL: data.OPENAI_BASE_URL },
    stt: { baseURL: data.STT_BASE_URL, apiKey: data.STT_API_KEY, model: data.STT_MODEL },
    llm: {
      baseURL: data.LLM_BASE_URL,
      apiKey: data.LLM_API_KEY,
      model: data.LLM_MODEL,
      contextTokens: data.LLM_CONTEXT_TOKENS,
    },
    tts: { baseURL: data.TTS_BASE_URL, apiKey: data.TTS_API_KEY, model: data.TTS_MODEL, voice: data.TTS_VOICE },
    speech: {
      baseURL: data.SPEECH_BASE_URL,
      apiKey: data.SPEECH_API_KEY,
      model: data.SPEECH_MODEL,
      voice: data.SPEECH_VOICE,
      output: data.SPEECH_OUTPUT,
    },
    whisperModel: data.WHISPER_MODEL,
    turnModel: data.TURN_MODEL === undefined ? undefined : { model: data.TURN_MODEL, sha256: data.TURN_MODEL_SHA256 },
    outboundAllow: data.OUTBOUND_ALLOW,
    trustedProxies: data.TRUSTED_PROXIES,
    dataDir: data.DATA_DIR,
    storage: toStorageEnv(data),
    webrtc: webRtcEnv(data),
    people: toLoginsEnv(data),
    logLevel: data.LOG_LEVEL,
  };
}

function tlsEnv(data: z.output<typeof variables>): TlsEnv {
  if (data.TLS_CERT !== undefined && data.TLS_KEY !== undefined)
    return { mode: "own", certFile: data.TLS_CERT, keyFile: data.TLS_KEY };
  return { mode: data.TLS === "off" ? "off" : "generated" };
}
