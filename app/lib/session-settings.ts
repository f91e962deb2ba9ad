/** What the page asks of a session: how turns are taken, and in which voice it answers. */
import type { ClientEventOf } from "../../server/realtime/protocol/client-events";
import type { RealtimeConfigInput, RealtimeSessionResource } from "../../server/realtime/protocol/session-config";

export type TalkMode = "hold" | "hands-free";

type SessionUpdate = ClientEventOf<"session.update">;
type TurnDetection = NonNullable<NonNullable<RealtimeConfigInput["audio"]>["input"]>["turn_detection"];

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

const PCM = { type: "audio/pcm", rate: 24_000 } as const;

/** The whole of it, for a new session. `voice` undefined leaves the choice to the server. */
export function configureSession(mode: TalkMode, voice: string | undefined): SessionUpdate {
  return {
    type: "session.update",
    session: {
      type: "realtime",
      output_modalities: ["audio"],
      audio: {
        input: { format: PCM, transcription: {}, turn_detection: turnDetection(mode) },
        output: { format: PCM, ...(voice === undefined ? {} : { voice }) },
      },
    },
  };
}

export function changeMode(mode: TalkMode): SessionUpdate {
  return {
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection: turnDetection(mode) } } },
  };
}

export function changeVoice(voice: string): SessionUpdate {
  return { type: "session.update", session: { type: "realtime", audio: { output: { voice } } } };
}

/** The session's voice by name; a custom voice by its id. */
export function voiceOf(session: RealtimeSessionResource): string {
  const { voice } = session.audio.output;
  return typeof voice === "string" ? voice : voice.id;
}

function turnDetection(mode: TalkMode): TurnDetection {
  return mode === "hold" ? null : { type: "server_vad", create_response: true, interrupt_response: true };
}
