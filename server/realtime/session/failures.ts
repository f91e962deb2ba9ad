/** How a provider's failure is told to the client: in the provider's words if they were meant for clients, else in ours. */
import { isEngineError } from "../engine/errors";
import { errors, ProtocolError } from "../protocol/errors";

export interface ResponseError {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

export function toResponseError(error: unknown): ResponseError {
  if (isEngineError(error)) return { type: "server_error", code: error.code, message: error.message };
  const known = error instanceof ProtocolError ? error : errors.serverError();
  return { type: known.type, code: known.code ?? "server_error", message: known.message };
}
