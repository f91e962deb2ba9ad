import { describe } from "vitest";
import { decodeFrame } from "../protocol/codec";
import type { ServerEvent } from "../protocol/server-events";
import { RealtimeSession } from "../session/session";
import { conversationSuite } from "./conversation.suite";
import { errorsSuite } from "./errors.suite";
import { responseSuite } from "./response.suite";
import type { Rig } from "./rig";
import { sessionSuite } from "./session.suite";
import { turnsSuite } from "./turns.suite";

const direct: Rig = {
  name: "no transport",
  async open(engine, limits) {
    const events: ServerEvent[] = [];
    let end: (code: number) => void = () => undefined;
    const closed = new Promise<number>((resolve) => (end = resolve));
    const session = new RealtimeSession({
      engine,
      model: "antiphon",
      limits: { maxDurationMs: 3_600_000, maxAudioBytes: 64 * 1024 * 1024, maxItems: 10_000, ...limits },
      output: { send: (event) => void events.push(event), room: () => Promise.resolve(), end: (code) => end(code) },
      observe: () => undefined,
    });
    session.start();
    return {
      events,
      closed,
      close: () => session.close(),
      send(event) {
        const text = typeof event === "string" || Buffer.isBuffer(event) ? event : JSON.stringify(event);
        const decoded = decodeFrame(Buffer.from(text), Buffer.isBuffer(event));
        if (decoded.kind === "append") session.append(decoded.audio, decoded.eventId);
        else if (decoded.kind === "event") session.receive(decoded.event);
        else session.reject(decoded.error, decoded.eventId);
      },
    };
  },
  stop: () => Promise.resolve(),
};

describe.each([direct])("conformance over $name", (rig) => {
  sessionSuite(rig);
  conversationSuite(rig);
  responseSuite(rig);
  turnsSuite(rig);
  errorsSuite(rig);
});
