/** A session's writes, held to the pace at which its client reads. */
import { fitEvent } from "../protocol/fit";
import type { ServerEvent } from "../protocol/server-events";
import type { SessionOutput } from "../session/types";
import type { Transport } from "../transport/types";

/** Above this many unsent bytes no further speech is made. */
export const PAUSE_ABOVE_BYTES = 1024 * 1024;
/** Above this many unsent bytes the client has stopped reading, and is let go. */
export const CLOSE_ABOVE_BYTES = 8 * 1024 * 1024;

export interface OutputHooks {
  /** The frames that carry an event to this client. */
  encode(event: ServerEvent): readonly string[];
  /** Frames of the protocol itself need no `encode`. */
  readonly plain: boolean;
  /** Looks at every event before it is sent; what it throws reaches the session. */
  check(event: ServerEvent): void;
  /** The client does not read. */
  overflow(): void;
  /** The session is over. */
  end(code: number, reason: string): void;
}

/** Events in a row after which others get their turn: a fast voice would hold up every session of the process. */
const SENDS_IN_A_ROW = 16;

const ROOM = Promise.resolve();

export function transportOutput(transport: Transport, hooks: OutputHooks): SessionOutput {
  let inARow = 0;
  const giveWay = (): Promise<void> =>
    new Promise((resolve) => {
      inARow = 0;
      setImmediate(resolve);
    });
  const { maxFrameBytes = Infinity } = transport;
  const isSmall = (frame: string): boolean =>
    frame.length * 3 <= maxFrameBytes || Buffer.byteLength(frame) <= maxFrameBytes;
  const framesOf = (event: ServerEvent): readonly string[] => {
    const frames = hooks.encode(event);
    if (frames.every(isSmall)) return frames;
    return fitEvent(event, (smaller) => hooks.encode(smaller).every(isSmall)).flatMap((each) => hooks.encode(each));
  };
  return {
    send: (event) => {
      hooks.check(event);
      for (const frame of framesOf(event)) transport.send(frame);
      inARow++;
      if (transport.bufferedBytes() > CLOSE_ABOVE_BYTES) hooks.overflow();
    },
    pass: (wire) => {
      if (!hooks.plain) for (const frame of hooks.encode(wire.event)) transport.send(frame);
      else if (transport.sendBytes === undefined) transport.send(wire.bytes.toString());
      else transport.sendBytes(wire.bytes);
      if (transport.bufferedBytes() > CLOSE_ABOVE_BYTES) hooks.overflow();
    },
    behind: () => transport.bufferedBytes() > PAUSE_ABOVE_BYTES,
    room: () => {
      if (transport.bufferedBytes() <= PAUSE_ABOVE_BYTES) return inARow < SENDS_IN_A_ROW ? ROOM : giveWay();
      return new Promise((resolve) => transport.onceBelow(PAUSE_ABOVE_BYTES, resolve));
    },
    end: (code, reason) => hooks.end(code, reason),
  };
}
