import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { EngineError, isEngineError } from "../../realtime/engine/errors";
import { refusal, unreachable, type Asked } from "./failures";
import { readUpstream, upstreamError, type UpstreamEvent, type UpstreamFailure } from "./realtime-events";

export interface UpstreamEndpoint extends Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to be ready for audio, for each try. */
  readonly timeoutMs: number;
  readonly maxRetries: number;
  /** Settings that it does not know, as it turned out. */
  readonly refused: Set<OptionalSetting>;
}

export type OptionalSetting = "include" | "keywords" | "prompt" | "language";
const OPTIONAL: readonly OptionalSetting[] = ["include", "keywords", "prompt", "language"];

export interface UpstreamOptions {
  readonly signal: AbortSignal;
  /** The session to ask for, without what the endpoint refuses. */
  session(refused: ReadonlySet<OptionalSetting>): Readonly<Record<string, unknown>>;
  /** What comes once it is ready. */
  onEvent(event: UpstreamEvent): void;
  /** It is gone, and was not closed by us. */
  onEnd(error: EngineError): void;
}

const FIRST_PAUSE_MS = 200;
/** How long a server may take to say goodbye. */
const FAREWELL_MS = 1_000;
const UPDATE_ID = "event_settings";

/** Connects and agrees on the session; tries again while that may help. Rejects with an EngineError, or when aborted. */
export async function openUpstream(endpoint: UpstreamEndpoint, options: UpstreamOptions): Promise<Upstream> {
  for (let tries = 0; ; tries++) {
    const upstream = new Upstream(endpoint, options);
    try {
      await upstream.ready;
      return upstream;
    } catch (error) {
      upstream.close();
      options.signal.throwIfAborted();
      if (tries >= endpoint.maxRetries || !isEngineError(error) || !error.retryable) throw error;
    }
    await pause(FIRST_PAUSE_MS * 2 ** tries, undefined, { signal: options.signal }).catch(() => undefined);
    options.signal.throwIfAborted();
  }
}

/** One connection to a server that transcribes in real time. */
export class Upstream {
  readonly ready: Promise<void>;
  readonly #socket: WebSocket;
  #isReady = false;
  #closed = false;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(
    private readonly endpoint: UpstreamEndpoint,
    private readonly options: UpstreamOptions,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { url, headers, timeoutMs } = endpoint;
    this.#socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: 4 * 1024 * 1024 });
    this.#listen();
    const late = setTimeout(() => this.#fail(tooLate()), timeoutMs);
    const abort = (): void => this.#fail(options.signal.reason);
    options.signal.addEventListener("abort", abort, { once: true });
    if (options.signal.aborted) abort();
    const settled = (): void => {
      clearTimeout(late);
      options.signal.removeEventListener("abort", abort);
    };
    this.ready.then(settled, settled);
  }

  /** Resolves once it is on its way; what comes to nothing is told by `onEnd`. */
  send(event: Readonly<Record<string, unknown>>): Promise<void> {
    return new Promise((resolve) => this.#socket.send(JSON.stringify(event), () => resolve()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Before it is open, there is nobody to say goodbye to.
    if (this.#socket.readyState !== WebSocket.OPEN) return this.#socket.terminate();
    this.#socket.close(1000);
    const timer = setTimeout(() => this.#socket.terminate(), FAREWELL_MS);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #listen(): void {
    this.#socket.on("open", () => this.#agree());
    this.#socket.on("message", (data, isBinary) => {
      if (!isBinary) this.#hear(String(data));
    });
    this.#socket.on("unexpected-response", (_request, response) => {
      response.destroy();
      this.#fail(this.#error(refusal(this.endpoint, { status: response.statusCode, message: "" })));
    });
    this.#socket.on("error", (error) => {
      this.#fail(this.#isReady ? lost(error) : this.#error(unreachable(this.endpoint, error), error));
    });
    this.#socket.on("close", (code, reason) => this.#fail(this.#farewell(code, String(reason))));
  }

  #agree(): void {
    const session = this.options.session(this.endpoint.refused);
    void this.send({ type: "session.update", event_id: UPDATE_ID, session });
  }

  #hear(frame: string): void {
    if (this.#closed) return;
    try {
      const event = readUpstream(frame);
      if (event === undefined) return;
      if (this.#isReady) this.options.onEvent(event);
      else if (event.type === "error") this.#beRefused(event.error);
      else if (event.type === "session.updated") {
        this.#isReady = true;
        this.#resolve();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A setting that it does not know is left out, from now on. */
  #beRefused(failure: UpstreamFailure): void {
    const { param, code, event_id } = failure;
    const known = OPTIONAL.filter((each) => !this.endpoint.refused.has(each));
    const setting = known.find((each) => param?.split(/[.[\]]+/).includes(each));
    if (setting === undefined || code === "invalid_value" || (event_id ?? UPDATE_ID) !== UPDATE_ID) {
      return this.#fail(upstreamError(this.endpoint, failure));
    }
    this.endpoint.refused.add(setting);
    this.#agree();
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.close();
    if (this.#isReady) this.options.onEnd(isEngineError(error) ? error : lost(error));
    else this.#reject(error);
  }

  #farewell(code: number, reason: string): EngineError {
    if (code === 1000 || code === 1001 || code === 1005 || code === 1006) return lost(undefined);
    const [type, name] = reason.split(".", 2);
    return upstreamError(this.endpoint, { type, code: name, message: "" });
  }

  #error(verdict: ReturnType<typeof refusal>, cause?: unknown): EngineError {
    return new EngineError({ stage: "stt", cause, ...verdict });
  }
}

function lost(cause: unknown): EngineError {
  const message = "The connection to the stt provider broke off.";
  return new EngineError({ stage: "stt", code: "connection_lost", message, retryable: true, cause });
}

function tooLate(): EngineError {
  const message = "The stt provider did not answer in time.";
  return new EngineError({ stage: "stt", code: "timeout", message, retryable: true });
}
