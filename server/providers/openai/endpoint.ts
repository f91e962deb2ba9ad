import type OpenAI from "openai";
import { EngineError, type EngineStage } from "../../realtime/engine/errors";
import { readableErrors } from "./readable-errors";

export const OFFICIAL = "https://api.openai.com/v1";

/** Where an OpenAI-compatible API is. Nothing is read from the environment. */
export interface OpenAIEndpoint {
  /** Default "https://api.openai.com/v1". */
  readonly baseURL?: string;
  /** Sent as bearer token. Default: none, for endpoints that ask for no key. */
  readonly apiKey?: string;
  /** The model's name at this endpoint. */
  readonly model: string;
  /** Milliseconds to the head of an answer. Default 60000. */
  readonly timeoutMs?: number;
  /** Further tries when an endpoint is busy or away, made only before anything of its answer was used. Default 2. */
  readonly maxRetries?: number;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The SDK's client for one endpoint, and what its error messages need. */
export interface Connection {
  readonly client: OpenAI;
  readonly sdk: typeof OpenAI;
  readonly stage: EngineStage;
  readonly model: string;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
}

/** Whether this is OpenAI itself (or Azure), which is stricter and newer than those that imitate it. */
export function isOfficial({ baseURL = OFFICIAL }: OpenAIEndpoint): boolean {
  return /^https:\/\/([\w-]+\.)*(openai\.com|openai\.azure\.com)([:/]|$)/.test(baseURL);
}

/** Loads the optional package at the first call, then keeps the one client. A base URL that is none is a TypeError. */
export function connector(stage: EngineStage, options: OpenAIEndpoint): () => Promise<Connection> {
  if (options.baseURL !== undefined && !URL.canParse(options.baseURL)) {
    throw new TypeError(`The base URL of the ${stage} provider is not a URL.`);
  }
  let connection: Promise<Connection> | undefined;
  return () => (connection ??= connect(stage, options));
}

async function connect(stage: EngineStage, options: OpenAIEndpoint): Promise<Connection> {
  const { baseURL = OFFICIAL, apiKey, model, timeoutMs = 60_000, maxRetries = 2, headers } = options;
  const sdk = await load(stage);
  const client = new sdk({
    baseURL,
    // The SDK wants a key and looks for one in the environment; that one belongs to another endpoint, perhaps.
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultHeaders: { ...(apiKey === undefined && { Authorization: null }), ...headers },
    timeout: timeoutMs,
    maxRetries,
    logLevel: "off",
    fetch: readableErrors,
  });
  return { client, sdk, stage, model, baseURL, apiKey };
}

async function load(stage: EngineStage): Promise<typeof OpenAI> {
  try {
    return (await import("openai")).default;
  } catch (cause) {
    const message = 'This provider needs the package "openai": install it with `npm install openai`.';
    throw new EngineError({ stage, code: "missing_package", message, cause });
  }
}
