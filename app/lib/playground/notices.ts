/** Short words to the user about what just happened, shown above the controls. */
import type { ServerEventOf } from "../../../server/realtime/protocol/server-events";
import type { Problem } from "./problems";

export interface Notice {
  readonly tone: "info" | "error";
  readonly title: string;
  readonly detail: string | undefined;
  /** What one click can do about it. */
  readonly action: "new-session" | "retry-microphone" | undefined;
}

const info = (title: string, detail?: string): Notice => ({ tone: "info", title, detail, action: undefined });

export const notices = {
  tooShort: info("That was too short to hear", "Keep holding while you speak, then let go."),
  silent: info("No sound came from the microphone", "Check that it is not muted, then try again."),
  ready: info("The microphone is ready", "Hold to talk."),
  discarded: info("Discarded", "What you said was not sent."),
  voiceFixed: {
    ...info("A voice cannot change once it has spoken", "A new session starts with the new one."),
    action: "new-session",
  },
  modelFixed: {
    ...info("A session keeps its model", "A new session starts with the one you chose."),
    action: "new-session",
  },
  speakerRefused: info("This browser cannot play to that speaker", "It goes on with its usual one."),
} as const satisfies Record<string, Notice>;

export function microphoneNotice({ title, detail }: Problem): Notice {
  return { tone: "error", title, detail, action: "retry-microphone" };
}

/** The last one is told where the tools are listed. */
const HARMLESS = new Set([
  "response_cancel_not_active",
  "conversation_already_has_active_response",
  "mcp_list_tools_failed",
]);

/** Undefined for errors that mean no harm: the page and the server only crossed on the way. */
export function errorNotice({ error }: ServerEventOf<"error">): Notice | undefined {
  if (HARMLESS.has(error.code ?? "") || error.param === "audio_end_ms") return undefined;
  if (error.code === "input_audio_buffer_commit_empty") return notices.tooShort;
  if (error.code === "cannot_update_voice") return notices.voiceFixed;
  return { tone: "error", title: "The server refused a request", detail: error.message, action: undefined };
}
