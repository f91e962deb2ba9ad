/** One session with the Realtime API that gets itself back: mints a secret, connects, retries. Knows no React. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { type Problem, problem, ProblemError } from "./problems";
import type { ClientSecret } from "./secrets";
import type { OpenWire, Wire } from "./wire";

export type ConnectionStatus =
  | { readonly state: "idle" }
  | { readonly state: "connecting" }
  /** `session.created` has come. `since` in milliseconds since the epoch. */
  | { readonly state: "open"; readonly since: number }
  /** Will try again at `retryAt`, in milliseconds since the epoch. */
  | { readonly state: "waiting"; readonly retryAt: number; readonly problem: Problem }
  /** Trying again by itself would not help. */
  | { readonly state: "failed"; readonly problem: Problem };

export interface ConnectionListener {
  onStatus(status: ConnectionStatus): void;
  onReceived(event: ServerEvent, size: number): void;
  onSent(event: ClientEvent, size: number): void;
}

export interface ConnectionOptions {
  readonly mint: () => Promise<ClientSecret>;
  readonly openWire: OpenWire;
  /** The model to ask for; undefined leaves it to the server. */
  readonly model: () => string | undefined;
  readonly listener: ConnectionListener;
}

/** How long a connection may take until `session.created`. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A secret this close to its end is not worth trying. */
const EXPIRY_MARGIN_MS = 5_000;
/** Microphone audio is dropped while this much waits to be sent: late speech helps nobody. */
const MAX_WAITING_BYTES = 1_000_000;
const SLOWEST_RETRY_MS = 15_000;
/** Close codes with which the server says no; see CloseCode in `server/realtime/protocol/errors.ts`. */
const UNAUTHORIZED = 3000;
const REFUSALS = new Set([1000, 1008, 1009, 4000]);

/** Undefined when the frame is no event; then it is not a server of ours, and nothing of it can be shown. */
function parseFrame(frame: string): ServerEvent | undefined {
  try {
    const event = JSON.parse(frame) as ServerEvent | null;
    return typeof event?.type === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}

/** The wait before the given attempt, counted from 0: doubling, with some chance in it so that pages spread out. */
export function retryDelay(attempt: number, chance: number): number {
  return Math.round(Math.min(SLOWEST_RETRY_MS, 500 * 2 ** attempt) * (0.8 + 0.4 * chance));
}

export class RealtimeConnection {
  readonly #options: ConnectionOptions;
  #wire: Wire | undefined;
  #secret: ClientSecret | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** Counts the tries; what belongs to an older one is stale and ignored. */
  #try = 0;
  #lastError: { readonly code: string | null; readonly message: string } | undefined;
  #lastEventId = 0;
  #open = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The next session starts with a fresh secret: what the old one allowed is out of date. */
  forgetSecret(): void {
    this.#secret = undefined;
  }

  /** Also the "try now" of a waiting connection. While open or connecting it starts over. */
  connect(): void {
    this.#abandon();
    this.#attempts = 0;
    void this.#start();
  }

  close(): void {
    this.#abandon();
    this.#status({ state: "idle" });
  }

  /** False when it was not sent: not connected, or audio that the network cannot carry away. */
  send(event: ClientEvent): boolean {
    const wire = this.#wire;
    if (!this.#open || wire === undefined || !wire.isOpen) return false;
    if (event.type === "input_audio_buffer.append" && wire.waiting > MAX_WAITING_BYTES) return false;
    const named = { event_id: `page_${++this.#lastEventId}`, ...event };
    const frame = JSON.stringify(named);
    wire.send(frame);
    this.#options.listener.onSent(named, frame.length);
    return true;
  }

  async #start(): Promise<void> {
    const id = ++this.#try;
    const stale = (): boolean => id !== this.#try;
    this.#status({ state: "connecting" });
    try {
      if (this.#secret === undefined || this.#secret.expiresAt - EXPIRY_MARGIN_MS < Date.now()) {
        const secret = await this.#options.mint();
        if (stale()) return;
        this.#secret = secret;
      }
      this.#dial(this.#secret.value, stale);
    } catch (error) {
      if (stale()) return;
      if (error instanceof ProblemError) this.#fail(error.problem);
      else this.#retry(problem("server-away"));
    }
  }

  #dial(secret: string, stale: () => boolean): void {
    this.#lastError = undefined;
    this.#timer = setTimeout(() => {
      this.#abandon();
      this.#retry(problem("server-away"));
    }, CONNECT_TIMEOUT_MS);
    this.#wire = this.#options.openWire(
      { secret, model: this.#options.model() },
      {
        onFrame: (frame) => {
          if (!stale()) this.#receive(frame);
        },
        onClosed: (code, reason) => {
          if (!stale()) this.#lost(code, reason);
        },
      },
    );
  }

  #receive(frame: string): void {
    const event = parseFrame(frame);
    if (event === undefined) return;
    if (event.type === "error") this.#lastError = event.error;
    this.#options.listener.onReceived(event, frame.length);
    if (event.type !== "session.created") return;
    clearTimeout(this.#timer);
    this.#attempts = 0;
    this.#open = true;
    this.#status({ state: "open", since: Date.now() });
  }

  #lost(code: number, reason: string): void {
    const error = this.#lastError;
    const wasOpen = this.#open;
    this.#abandon();
    if (error?.code === "session_expired") return this.#fail(problem("session-expired"));
    if (code === UNAUTHORIZED) return this.#renew(wasOpen);
    if (REFUSALS.has(code)) return this.#fail(problem("refused", error?.message ?? (reason || undefined)));
    this.#retry(problem(wasOpen ? "connection-lost" : "server-away"));
  }

  /** A secret can end before its time, for example when the server was restarted: one fresh one is worth a try. */
  #renew(wasOpen: boolean): void {
    this.#secret = undefined;
    if (wasOpen || this.#attempts > 0) return this.#fail(problem("token-expired"));
    this.#attempts++;
    void this.#start();
  }

  #retry(reason: Problem): void {
    const delay = retryDelay(this.#attempts++, Math.random());
    this.#timer = setTimeout(() => void this.#start(), delay);
    this.#status({ state: "waiting", retryAt: Date.now() + delay, problem: reason });
  }

  #fail(reason: Problem): void {
    this.#status({ state: "failed", problem: reason });
  }

  #abandon(): void {
    this.#try++;
    this.#open = false;
    clearTimeout(this.#timer);
    this.#wire?.close();
    this.#wire = undefined;
  }

  #status(status: ConnectionStatus): void {
    this.#options.listener.onStatus(status);
  }
}
