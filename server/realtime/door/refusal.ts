/** A no to a client, in the words of the protocol, with its HTTP status and its WebSocket close code. */
import { CloseCode, ProtocolError, errors } from "../protocol/errors";

export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly error: ProtocolError,
    readonly status: number,
    readonly closeCode: CloseCode,
  ) {
    super(error.message);
  }
}

const overloaded = (message: string, closeCode: CloseCode = CloseCode.tryAgainLater): Refusal =>
  new Refusal(new ProtocolError(message, { type: "overloaded_error", code: "server_overloaded" }), 503, closeCode);

export const refusals = {
  unauthorized: (error: ProtocolError) => new Refusal(error, 401, CloseCode.unauthorized),
  badRequest: (error: ProtocolError) => new Refusal(error, 400, CloseCode.badRequest),
  notFound: (error: ProtocolError) => new Refusal(error, 404, CloseCode.badRequest),
  forbidden: (message: string, code: string) =>
    new Refusal(new ProtocolError(message, { type: "permission_error", code }), 403, CloseCode.unauthorized),
  originForbidden: () =>
    new Refusal(
      new ProtocolError("This origin may not connect.", { type: "permission_error", code: "origin_not_allowed" }),
      403,
      CloseCode.unauthorized,
    ),
  unknownUrl: (method: string, path: string) =>
    new Refusal(
      new ProtocolError(`Unknown request URL: ${method} ${path.slice(0, 200)}.`, { code: "unknown_url" }),
      404,
      CloseCode.badRequest,
    ),
  serverError: () => new Refusal(errors.serverError(), 500, CloseCode.serverError),
  tooManySessions: () => overloaded("This server carries as many sessions as it may. Try again in a moment."),
  tooManyPending: () => overloaded("Too many clients are connecting. Try again in a moment."),
  tooManySecrets: () => overloaded("Too many client secrets are alive. Try again later."),
  tooManySidebands: (max: number) => overloaded(`At most ${max} connections can be attached to one session.`),
  shuttingDown: () => overloaded("The server is shutting down.", CloseCode.goingAway),
  /** Too much was sent before the key was checked. */
  tooEager: () =>
    new Refusal(
      new ProtocolError("Too many messages were sent before the session was created.", { code: "too_many_messages" }),
      400,
      CloseCode.policyViolation,
    ),
  authenticationTimeout: (seconds: number) =>
    new Refusal(
      new ProtocolError(`Authentication did not finish within ${seconds} seconds.`, {
        type: "authentication_error",
        code: "authentication_timeout",
      }),
      503,
      CloseCode.policyViolation,
    ),
};

/** Why somebody is not let in. `onFault` is told of what is no answer for a client. */
export function toRefusal(error: unknown, onFault: (error: unknown) => void): Refusal {
  if (error instanceof Refusal) return error;
  // A configuration that the chosen engine cannot do is found out when the session is made.
  if (error instanceof ProtocolError) return refusals.badRequest(error);
  onFault(error);
  return refusals.serverError();
}

/** What a `ProtocolError` thrown by the host's `authenticate` means on the wire: its type decides. */
export function refusalFromHost(error: ProtocolError): Refusal {
  switch (error.type) {
    case "permission_error":
      return new Refusal(error, 403, CloseCode.unauthorized);
    case "rate_limit_error":
      return new Refusal(error, 429, CloseCode.tryAgainLater);
    case "overloaded_error":
      return new Refusal(error, 503, CloseCode.tryAgainLater);
    default:
      return refusals.unauthorized(error);
  }
}
