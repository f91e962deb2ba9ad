import { EngineError, isEngineError, type EngineErrorOptions } from "../../realtime/engine/errors";
import type { Connection } from "./endpoint";

export type Verdict = Omit<EngineErrorOptions, "stage" | "cause">;

/** What messages need to know of an endpoint. */
export type Asked = Pick<Connection, "stage" | "model" | "baseURL" | "apiKey">;

const MAX_DETAIL = 300;

/** What a client may read about a failed call: says what to check, names no key. An abort is the signal's reason. */
export function failure(connection: Connection, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isEngineError(error)) return error;
  return new EngineError({ stage: connection.stage, cause: error, ...verdict(connection, error) });
}

function verdict(connection: Connection, error: unknown): Verdict {
  const { sdk, stage } = connection;
  const who = `The ${stage} provider`;
  if (error instanceof sdk.APIConnectionTimeoutError) {
    return { code: "timeout", message: `${who} did not answer in time.`, retryable: true };
  }
  if (error instanceof sdk.APIConnectionError) return unreachable(connection, error);
  if (error instanceof sdk.APIError) return refusal(connection, error);
  if (error instanceof SyntaxError) {
    return { code: "bad_response", message: `${who} sent something that is not valid JSON.`, retryable: true };
  }
  return { code: "connection_lost", message: `The connection to the ${stage} provider broke off.`, retryable: true };
}

interface ApiError {
  readonly status?: number | undefined;
  readonly message: string;
  readonly code?: string | null | undefined;
  readonly error?: unknown;
}

/** What a refusal says about an endpoint, by its HTTP status. */
export function refusal(connection: Asked, error: ApiError): Verdict {
  const who = `The ${connection.stage} provider`;
  const { status } = error;
  const because = explain(detail(connection, error));
  if (error.code === "insufficient_quota") {
    return { code: "insufficient_quota", message: `${who}'s quota is used up.` };
  }
  if (error.code === "content_filter") {
    return { code: "content_filter", message: `${who} refused this content.` };
  }
  if (status === undefined) return { code: "provider_error", message: `${who} broke off${because}`, retryable: true };
  if (status >= 500)
    return { code: "provider_error", message: `${who} failed (HTTP ${status})${because}`, retryable: true };
  switch (status) {
    case 401:
      return { code: "invalid_api_key", message: `${who} refused its API key.` };
    case 403:
      return { code: "permission_denied", message: `${who} does not allow this request (HTTP 403).` };
    case 404:
      return {
        code: "not_found",
        message: `${who} does not know the model "${connection.model}", or its base URL is wrong (HTTP 404)${because}`,
      };
    case 408:
      return { code: "timeout", message: `${who} did not answer in time.`, retryable: true };
    case 429:
      return { code: "rate_limit_exceeded", message: `${who} gets too many requests${because}`, retryable: true };
    default:
      return { code: "bad_request", message: `${who} rejected the request (HTTP ${status})${because}` };
  }
}

/** The end of a sentence: with a reason, if there is one. */
export function explain(reason: string): string {
  return reason === "" ? "." : `: ${reason}`;
}

/** The endpoint's own words, short and without secrets. */
export function detail({ apiKey }: Asked, { error, message }: ApiError): string {
  const own: unknown = typeof error === "object" && error !== null && "message" in error ? error.message : message;
  let text = typeof own === "string" ? own : "";
  if (apiKey) text = text.replaceAll(apiKey, "***");
  text = text
    .replace(/\b(sk|ek|key|Bearer)[-_ ][\w*.-]{6,}/gi, "***")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  ENOTFOUND: "unknown host",
  EAI_AGAIN: "the host name could not be resolved",
  ETIMEDOUT: "no connection in time",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  UND_ERR_SOCKET: "the connection was closed",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

export function unreachable({ stage, baseURL }: Asked, error: Error): Verdict {
  const reason = REASONS[causeCode(error) ?? ""];
  const message = `Could not reach the ${stage} provider at ${hostAndPort(baseURL)}${reason ? `: ${reason}` : ""}.`;
  return { code: "unreachable", message, retryable: true };
}

/** The system's error code, wherever fetch has hidden it. */
function causeCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  if ("code" in error && typeof error.code === "string" && error.code in REASONS) return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return causeCode(inner, depth + 1);
}

function hostAndPort(baseURL: string): string {
  const { hostname, port, protocol } = new URL(baseURL);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
