/**
 * - `refused`: the address is not one that this server calls
 * - `redirect`: the answer leads elsewhere
 * - `unreachable`, `timeout`: nobody answered, or not in time
 * - `too_large`: the answer is larger than allowed
 */
export type OutboundErrorCode = "refused" | "redirect" | "unreachable" | "timeout" | "too_large";

/** `message` may be shown to whoever entered the URL: it names no address that they did not enter. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
