/** What the page asks of a running session: how turns are taken, and in which voice it answers. */
import type { ClientEventOf } from "../../../server/realtime/protocol/client-events";
import type { RealtimeSessionResource } from "../../../server/realtime/protocol/session-config";
import { toTurnDetection } from "./session-fields";
import { type Setup, type TalkMode, toSession, toUpdate } from "./setup";

export type { TalkMode } from "./setup";

type SessionUpdate = ClientEventOf<"session.update">;

/** Offered where the server does not say which voices it has; every server of the API knows these names. */
export const USUAL_VOICES: readonly string[] = [
  "alloy",
  "ash",
  "ballad",
  "cedar",
  "coral",
  "echo",
  "marin",
  "sage",
  "shimmer",
  "verse",
];

/** Names the update that makes the session what it is to be, in the errors that it may cause. */
export const CONFIGURE = "playground_configure";

/** The whole of it, for a new session. */
export function configureSession(mode: TalkMode, setup: Setup): SessionUpdate {
  return { type: "session.update", event_id: CONFIGURE, session: toSession(setup, mode) };
}

/** Only what the page changed. */
export function changeSetup(mode: TalkMode, { setup, before }: { setup: Setup; before: Setup }): SessionUpdate {
  return { type: "session.update", session: toUpdate(setup, before, mode) };
}

export function changeMode(mode: TalkMode, { detection }: Setup): SessionUpdate {
  const turn_detection = mode === "hold" ? null : toTurnDetection(detection);
  return { type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } };
}

export function changeVoice(voice: string): SessionUpdate {
  return { type: "session.update", session: { type: "realtime", audio: { output: { voice } } } };
}

/** The session's voice by name; a custom voice by its id. */
export function voiceOf(session: RealtimeSessionResource): string {
  const { voice } = session.audio.output;
  return typeof voice === "string" ? voice : voice.id;
}
