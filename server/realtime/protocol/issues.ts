/** From what zod complains about to what the client is told. */
import type { z } from "zod";
import { errors } from "./errors";
import type { ProtocolError } from "./errors";

export function toProtocolError(error: z.ZodError, value: unknown): ProtocolError {
  void error;
  void value;
  return errors.serverError();
}
