/**
 * How one client's frames are written. The session knows one language, the GA shape of the protocol; whoever speaks
 * another gets a dialect, which translates at the edge, in both directions.
 */
import { BetaDialect } from "./beta/dialect";
import { decodeFrame, decodeTranslationFrame, encodeEvent, type Decoded } from "./codec";
import type { ServerEvent } from "./server-events";

/** One per connection: a dialect may remember what its client said. */
export interface Dialect {
  /** Never throws. What goes back in an error is named as this client names it. */
  decode(frame: Buffer, isBinary: boolean): Decoded;
  /** The frames that tell the client of `event`: none where its dialect has no word for it. */
  encode(event: ServerEvent): readonly string[];
  /** Its frames are the protocol's own: they may pass as they are. */
  readonly plain?: boolean;
}

export type DialectName = "ga" | "beta" | "translation";

/** What some dialects tell a client and the GA events do not carry. */
export interface DialectContext {
  /** Asked when the first event is written, not before. */
  readonly conversationId: () => string;
}

const ga: Dialect = {
  decode: (frame, isBinary) => decodeFrame(frame, isBinary),
  encode: (event) => [encodeEvent(event)],
  plain: true,
};

/** Translation has a path of its own, with events of its own names; what it is told needs no other writing. */
const translation: Dialect = { decode: decodeTranslationFrame, encode: (event) => [encodeEvent(event)] };

export function openDialect(name: DialectName, context: DialectContext): Dialect {
  switch (name) {
    case "ga":
      return ga;
    case "beta":
      return new BetaDialect(context);
    case "translation":
      return translation;
    default:
      return name satisfies never;
  }
}
