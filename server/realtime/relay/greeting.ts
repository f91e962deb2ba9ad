/** From nothing to a session on the other server: dials, tries again where that may help, waits to be greeted. */
import type { RelayEngine } from "../engine/relay";
import { newId } from "../protocol/ids";
import type { ServerEventOf } from "../protocol/server-events";
import type { SessionConfigInput } from "../protocol/session-config";
import { readWireEvent, type WireEvent } from "../protocol/wire-event";
import { faultOfConfiguration, faultOfError, UpstreamError } from "./faults";
import { dial, type Upstream } from "./upstream";

export interface GreetingOptions {
  readonly engine: RelayEngine;
  /** The name that the client asked for. */
  readonly model: string;
  readonly transcription: boolean;
  /** What the client's key or secret brings. */
  readonly config: SessionConfigInput | undefined;
  readonly signal: AbortSignal;
}

export interface Greeted {
  readonly upstream: Upstream;
  /** The `session.created`, with the client's own configuration in it. */
  readonly created: WireEvent;
}

const MAX_RETRY_DELAY_MS = 2_000;

/** @throws UpstreamError; after an abort, the signal's reason. */
export async function reachUpstream(options: GreetingOptions): Promise<Greeted> {
  const { attempts, retryDelayMs } = options.engine.upstream;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await greet(options);
    } catch (error) {
      options.signal.throwIfAborted();
      const retry = error instanceof UpstreamError && error.retryable && attempt < attempts;
      if (!retry) throw error;
      // Up to a quarter more, so that many sessions that were lost together do not come back together.
      const delay = Math.min(retryDelayMs * 2 ** (attempt - 1), MAX_RETRY_DELAY_MS) * (1 + Math.random() / 4);
      await pause(delay, options.signal);
    }
  }
}

async function greet(options: GreetingOptions): Promise<Greeted> {
  const { engine, model, transcription, signal } = options;
  const { upstream: settings } = engine;
  const url = settings.address({ model, transcription });
  const upstream = await dial({
    url,
    headers: settings.headers(),
    timeoutMs: settings.connectTimeoutMs,
    pingIntervalMs: settings.pingIntervalMs,
    signal,
  });
  const late = new UpstreamError("unreachable", `${url.host} did not greet within ${settings.connectTimeoutMs} ms.`);
  let giveUp: (error: unknown) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => (giveUp = reject));
  const abort = (): void => giveUp(signal.reason);
  const timer = setTimeout(() => giveUp(late), settings.connectTimeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return { upstream, created: await Promise.race([exchange(upstream, url.host, options.config), tooLong]) };
  } catch (error) {
    upstream.close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    // Nobody may be waiting any more.
    tooLong.catch(() => undefined);
  }
}

async function exchange(upstream: Upstream, host: string, config: SessionConfigInput | undefined): Promise<WireEvent> {
  const created = await awaitEvent(upstream, host, (event) => {
    if (event.type === "error") throw faultOfError(event.error, host);
    return event.type === "session.created";
  });
  if (config === undefined) return created;
  const eventId = newId("event");
  // The other server has a model name of its own, and no word for a temperature.
  const {
    model: _model,
    temperature: _temperature,
    ...session
  } = config as SessionConfigInput & { readonly model?: string; readonly temperature?: number };
  upstream.send(JSON.stringify({ type: "session.update", event_id: eventId, session }));
  const updated = await awaitEvent(upstream, host, (event) => {
    if (event.type === "error" && event.error.event_id === eventId) throw faultOfConfiguration(event.error, host);
    return event.type === "session.updated";
  });
  const event = {
    ...(created.event as ServerEventOf<"session.created">),
    session: (updated.event as ServerEventOf<"session.updated">).session,
  };
  return { bytes: Buffer.from(JSON.stringify(event)), audio: undefined, event };
}

async function awaitEvent(
  upstream: Upstream,
  host: string,
  wanted: (event: WireEvent["event"]) => boolean,
): Promise<WireEvent> {
  for (;;) {
    const next = await upstream.next();
    if ("code" in next) throw endedTooSoon(next.code, host);
    const wire = next.isBinary ? undefined : readWireEvent(next.data);
    if (wire === undefined) throw new UpstreamError("misbehaved", `${host} does not speak the Realtime API.`);
    if (wanted(wire.event)) return wire;
  }
}

function endedTooSoon(code: number, host: string): UpstreamError {
  if (code === 3000) return new UpstreamError("auth", `${host} refuses the relay's key (closed with 3000).`);
  return new UpstreamError(
    code === 1013 ? "overloaded" : "unreachable",
    `${host} closed with ${code} before greeting.`,
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
  });
}
