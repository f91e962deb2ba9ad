/** How what went wrong is told to pages: the one place where failures of services become those of tRPC. */
import { TRPCError } from "@trpc/server";
import type { TRPCErrorShape } from "@trpc/server/rpc";
import { ServiceError, type ServiceErrorCode } from "../../lib/services/errors";

const CODES = {
  invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  rate_limited: "TOO_MANY_REQUESTS",
} as const satisfies Record<ServiceErrorCode, TRPCError["code"]>;

/** For what a service refused; undefined for anything else. */
export function toTRPCError(error: unknown): TRPCError | undefined {
  if (!(error instanceof ServiceError)) return undefined;
  return new TRPCError({ code: CODES[error.code], message: error.message, cause: error });
}

export interface ToldData {
  readonly code: string;
  readonly httpStatus: number;
  readonly path?: string | undefined;
  /** What is wrong with which field of the input. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
}

/** No stack ever, and of faults of ours not even the message. */
export function describeError(shape: TRPCErrorShape<ToldData>, error: TRPCError): TRPCErrorShape<ToldData> {
  const { code, httpStatus, path } = shape.data;
  const { cause } = error;
  const service = cause instanceof ServiceError ? cause : undefined;
  return {
    ...shape,
    message:
      error.code === "INTERNAL_SERVER_ERROR"
        ? "Something went wrong on the server. Its log has the details."
        : shape.message,
    data: {
      code,
      httpStatus,
      ...(path === undefined ? {} : { path }),
      ...(service?.field === undefined ? {} : { fields: { [service.field]: service.message } }),
      ...(service?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: service.retryAfterSeconds }),
    },
  };
}
