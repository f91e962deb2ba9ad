/** What a service says no with. Each surface (tRPC, REST, forms) maps these once; whatever else is thrown is a fault. */

export type ServiceErrorCode = "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "rate_limited";

export interface ServiceErrorOptions extends ErrorOptions {
  /** The input field that is wrong, for example `agents.0.name`. */
  readonly field?: string;
  readonly retryAfterSeconds?: number;
}

/** `message` is for the person who asked. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ServiceErrorCode,
    message: string,
    { field, retryAfterSeconds, ...options }: ServiceErrorOptions = {},
  ) {
    super(message, options);
    this.field = field;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const invalid = (message: string, field?: string) => new ServiceError("invalid", message, { field });
export const notFound = (what: string) => new ServiceError("not_found", `There is no such ${what}.`);
export const conflict = (message: string, field?: string) => new ServiceError("conflict", message, { field });
export const forbidden = (message: string) => new ServiceError("forbidden", message);
