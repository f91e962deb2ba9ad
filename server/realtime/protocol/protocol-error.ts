/** What an error is, and how it looks on the wire. */

/** The `error` object of an `error` event and of REST error answers. */
export interface ErrorBody {
  type: string;
  code: string | null;
  message: string;
  param: string | null;
  event_id: string | null;
}

export interface ErrorDetails {
  /** Default `invalid_request_error`. */
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** When it is worth another try; REST answers say it as `retry-after`. */
  readonly retryAfterSeconds?: number;
}

/** An error that is the client's to know. Its message is safe to send. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** The family, for example `invalid_request_error`. */
  readonly type: string;
  readonly code: string | null;
  /** Path of the field that caused it, for example `session.audio.input.format.rate`. */
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message);
    this.type = details.type ?? "invalid_request_error";
    this.code = details.code ?? null;
    this.param = details.param ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** The wire form; `eventId` is the id that the client gave the event which caused the error. */
  toBody(eventId: string | null): ErrorBody {
    return { type: this.type, code: this.code, message: this.message, param: this.param, event_id: eventId };
  }

  /** The close reason that goes with this error, as the official service words it. */
  get closeReason(): string {
    return this.code === null ? this.type : `${this.type}.${this.code}`;
  }
}

/** An `invalid_request_error`. */
export function requestError(code: string | null, message: string, param: string | null = null): ProtocolError {
  return new ProtocolError(message, { code, param });
}

const MAX_QUOTED = 200;

/** Long values are cut, so that an error is never larger than what caused it. */
export function shorten(value: string): string {
  return value.length <= MAX_QUOTED ? value : `${value.slice(0, MAX_QUOTED)}…`;
}
