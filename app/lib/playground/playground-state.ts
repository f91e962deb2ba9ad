/** Everything that the page shows, in one immutable object, and a store that tells React when it changed. */
import type { CallStats } from "./call-stats";
import type { ConnectionStatus } from "./realtime-connection";
import { emptyConversation } from "./conversation-state";
import type { ConversationState } from "./conversation-types";
import { emptyLog, type EventLog } from "./event-log";
import type { MicrophoneStatus } from "./microphone";
import type { Notice } from "./notices";
import type { CutPart } from "./playback-timeline";
import type { ServerInfo } from "./secrets";
import { USUAL_VOICES, voiceOf } from "./session-settings";
import { defaultSetup, type Setup, type TalkMode } from "./setup";

export type Transport = "websocket" | "webrtc";

export interface PlaygroundState {
  readonly connection: ConnectionStatus;
  readonly microphone: MicrophoneStatus;
  readonly mode: TalkMode;
  /** Hands-free only: listening is paused. */
  readonly muted: boolean;
  /** The button is held and what is said goes to the server. */
  readonly talking: boolean;
  /** What was asked for on the page. */
  readonly setup: Setup;
  /** Undefined: the browser's own choice. */
  readonly microphoneId: string | undefined;
  readonly speakerId: string | undefined;
  /** What the next connection is made of. */
  readonly transport: Transport;
  /** How the call is doing; undefined over WebSocket. */
  readonly call: CallStats | undefined;
  readonly server: ServerInfo | undefined;
  readonly conversation: ConversationState;
  readonly log: EventLog;
  /** What sounds now, and how much of it was heard. */
  readonly playing: CutPart | undefined;
  readonly notice: Notice | undefined;
}

export const initialState: PlaygroundState = {
  connection: { state: "idle" },
  microphone: { state: "off" },
  mode: "hold",
  muted: false,
  talking: false,
  setup: defaultSetup,
  microphoneId: undefined,
  speakerId: undefined,
  transport: "websocket",
  call: undefined,
  server: undefined,
  conversation: emptyConversation,
  log: emptyLog,
  playing: undefined,
  notice: undefined,
};

/** The voice in force or asked for; empty while nobody has said. */
export function chosenVoice({ setup: { voice }, conversation: { session } }: PlaygroundState): string {
  return voice ?? (session === undefined ? "" : voiceOf(session));
}

/** The server's own voices when it tells them, otherwise the usual names; always with the chosen one among them. */
export function offeredVoices(state: PlaygroundState): readonly string[] {
  const known = state.server?.voices ?? USUAL_VOICES;
  const chosen = chosenVoice(state);
  return chosen === "" || known.includes(chosen) ? known : [chosen, ...known];
}

/** Events come in dozens a second; the page is told about all of them together. */
const NOTIFY_MS = 16;

export class Store<T extends object> {
  #state: T;
  #pending: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#state = initial;
  }

  readonly get = (): T => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(patch: Partial<T>): void {
    this.#state = { ...this.#state, ...patch };
    this.#pending ??= setTimeout(() => this.flush(), NOTIFY_MS);
  }

  /** Tells at once. React puts a field back to its old value when its new one does not come with the event. */
  flush(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    for (const listener of this.#listeners) listener();
  }
}
