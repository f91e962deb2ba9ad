/** Which part of an engine failed. */
export type EngineStage = "stt" | "llm" | "tts" | "vad";

/**
 * What went wrong, for programs. Providers of your own may use other codes.
 * - `timeout`, `unreachable`, `connection_lost`: the provider is slow or away
 * - `invalid_api_key`, `permission_denied`, `not_found`, `rate_limit_exceeded`, `insufficient_quota`, `bad_request`: it
 *   refused; `content_filter`: it refused this content
 * - `provider_error`, `bad_response`, `incomplete`, `unsupported_audio`: it answered, but not with something of use
 * - `not_configured`, `missing_package`: there is no such provider here
 * - `failed`: anything else; see `cause`
 */
export type EngineErrorCode =
  | "timeout"
  | "unreachable"
  | "connection_lost"
  | "invalid_api_key"
  | "permission_denied"
  | "not_found"
  | "rate_limit_exceeded"
  | "insufficient_quota"
  | "bad_request"
  | "content_filter"
  | "provider_error"
  | "bad_response"
  | "incomplete"
  | "unsupported_audio"
  | "not_configured"
  | "missing_package"
  | "failed"
  | (string & {});

export interface EngineErrorOptions {
  readonly stage: EngineStage;
  readonly code: EngineErrorCode;
  /** One sentence or two that a client may read: no secrets, no stack. */
  readonly message: string;
  /** Whether the same request may succeed later. Default false. */
  readonly retryable?: boolean;
  /** What was caught, for logs only. */
  readonly cause?: unknown;
}

/** The one kind of error that engines throw (an abort throws the signal's reason instead). */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly stage: EngineStage;
  readonly code: EngineErrorCode;
  readonly retryable: boolean;

  constructor({ stage, code, message, retryable = false, cause }: EngineErrorOptions) {
    super(message, { cause });
    this.stage = stage;
    this.code = code;
    this.retryable = retryable;
  }
}

/** True for an EngineError of any copy of this module (the ESM and the CommonJS build may live side by side). */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === "EngineError" && "stage" in error && "code" in error;
}

/** An EngineError as it is; anything else, whose message may hold what clients must not see, becomes the `cause` of one. */
export function toEngineError(stage: EngineStage, error: unknown): EngineError {
  if (isEngineError(error)) return error;
  return new EngineError({ stage, code: "failed", message: `The ${stage} provider failed.`, cause: error });
}
