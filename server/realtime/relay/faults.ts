/** What can be wrong with the other server, what its client is told of it, and what the operator should do. */
import { CloseCode, ProtocolError, errors } from "../protocol/errors";

export type UpstreamFaultKind =
  | "auth"
  | "model"
  | "rate_limit"
  | "overloaded"
  | "unreachable"
  | "lost"
  | "misbehaved"
  /** It does not take the configuration that a key or a secret brings. */
  | "configuration";

/** The other server cannot be had, or was lost. `message` is for logs: it says what to fix, and holds no secret. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";

  constructor(
    readonly kind: UpstreamFaultKind,
    message: string,
    /** What the other server said, where clients may read it. */
    readonly said?: ProtocolError,
  ) {
    super(message);
  }

  /** Whether another attempt may succeed. */
  get retryable(): boolean {
    return this.kind === "unreachable" || this.kind === "overloaded" || this.kind === "lost";
  }
}

export interface Verdict {
  readonly error: ProtocolError;
  readonly closeCode: CloseCode;
}

const overloaded = (message: string): ProtocolError =>
  new ProtocolError(message, { type: "overloaded_error", code: "server_overloaded" });

/** What a client is told. `asked`: the model name, when it is the client's own choice and not the operator's. */
export function verdictOf(fault: UpstreamError, asked: string | undefined): Verdict {
  switch (fault.kind) {
    case "model":
      if (asked !== undefined) return { error: errors.invalidModel(asked), closeCode: CloseCode.badRequest };
      return { error: errors.serverError(), closeCode: CloseCode.serverError };
    case "configuration":
      return { error: fault.said ?? errors.serverError(), closeCode: CloseCode.badRequest };
    case "rate_limit":
      return {
        error: errors.rateLimitExceeded("The model is asked for too much just now. Try again in a moment."),
        closeCode: CloseCode.tryAgainLater,
      };
    case "overloaded":
      return {
        error: overloaded("The model's server is overloaded. Try again in a moment."),
        closeCode: CloseCode.tryAgainLater,
      };
    case "lost":
      return {
        error: errors.serverError("The connection to the model was lost."),
        closeCode: CloseCode.serverError,
      };
    case "unreachable":
      return {
        error: errors.serverError("The model cannot be reached just now. Try again in a moment."),
        closeCode: CloseCode.serverError,
      };
    case "auth":
    case "misbehaved":
      return { error: errors.serverError(), closeCode: CloseCode.serverError };
    default:
      return fault.kind satisfies never;
  }
}

/** An answer to the handshake that is not 101. */
export function faultOfStatus(status: number, host: string): UpstreamError {
  if (status === 401 || status === 403)
    return new UpstreamError("auth", `${host} refuses the relay's key (HTTP ${status}): check its apiKey.`);
  if (status === 404)
    return new UpstreamError(
      "model",
      `${host} knows no such model or path (HTTP 404): check the relay's url and model.`,
    );
  if (status === 429) return new UpstreamError("rate_limit", `${host} limits the relay's key (HTTP 429).`);
  if (status >= 500) return new UpstreamError("overloaded", `${host} answered HTTP ${status}.`);
  return new UpstreamError("misbehaved", `${host} refuses the handshake (HTTP ${status}): check the relay's url.`);
}

const AUTH = new Set(["invalid_api_key", "account_deactivated", "insufficient_permissions"]);
const MODEL = new Set(["invalid_model", "model_not_found", "missing_model"]);
const LIMITS = new Set(["rate_limit_exceeded", "insufficient_quota", "billing_hard_limit_reached"]);

interface Said {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly param?: unknown;
}

/** An `error` event in place of a greeting: the official service refuses keys and models so. */
export function faultOfError(said: Said, host: string): UpstreamError {
  const code = String(said.code ?? "");
  if (
    AUTH.has(code) ||
    said.type === "authentication_error" ||
    /^(Missing bearer|Incorrect API key)/.test(String(said.message))
  )
    return new UpstreamError("auth", `${host} refuses the relay's key (${code || "no code"}): check its apiKey.`);
  if (MODEL.has(code))
    return new UpstreamError("model", `${host} does not serve the relay's model (${code}): check it.`);
  if (LIMITS.has(code)) return new UpstreamError("rate_limit", `${host} limits the relay's key (${code}).`);
  if (code === "server_overloaded" || said.type === "overloaded_error")
    return new UpstreamError("overloaded", `${host} is overloaded.`);
  return new UpstreamError("misbehaved", `${host} refuses the session (${code || "no code"}).`);
}

/** An `error` about the configuration that was sent on behalf of a key or a secret. */
export function faultOfConfiguration(said: Said, host: string): UpstreamError {
  const words = new ProtocolError(String(said.message ?? "The session's configuration was refused."), {
    type: typeof said.type === "string" ? said.type : undefined,
    code: typeof said.code === "string" ? said.code : null,
    param: typeof said.param === "string" ? said.param : null,
  });
  return new UpstreamError("configuration", `${host} refuses the session's configuration: ${words.message}`, words);
}

/** How the client's connection ends when the other server closed. Undefined: as a connection that was lost. */
export function closeOf(code: number): CloseCode | undefined {
  switch (code) {
    case CloseCode.normal:
    case CloseCode.goingAway:
    case CloseCode.policyViolation:
    case CloseCode.messageTooBig:
    case CloseCode.tryAgainLater:
    case CloseCode.badRequest:
      return code;
    default:
      return undefined;
  }
}
