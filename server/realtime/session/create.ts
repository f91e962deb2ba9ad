/** The session that a client asked for. */
import { RealtimeSession } from "./session";
import { TranslationSession } from "./translation-session";
import type { SessionOptions } from "./types";

/** @throws ProtocolError when the engine cannot do what is asked for. */
export function createSession(options: SessionOptions): RealtimeSession | TranslationSession {
  const { kind = options.config?.type ?? "realtime" } = options;
  return kind === "translation" ? new TranslationSession(options) : new RealtimeSession({ ...options, kind });
}
