/** A handler, a connection in memory and a client, in one call. */
import { allowAnyone } from "../door/auth";
import { createRealtimeHandler } from "../handler";
import type { RealtimeHandler } from "../handler";
import type { RealtimeHandlerOptions } from "../options";
import { RealtimeTestClient } from "./client";
import type { MemoryClientSocket, MemoryPairOptions } from "./memory";
import { createMemoryPair } from "./memory";

export interface MemoryConnectOptions extends MemoryPairOptions {
  /** The model in the URL. Default: `antiphon`; null leaves it out. */
  readonly model?: string | null;
  /** Default: `/v1/realtime`. */
  readonly path?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** More of the URL's query. */
  readonly query?: Readonly<Record<string, string>>;
}

export interface MemoryConnection {
  readonly client: RealtimeTestClient;
  /** The client's end, to stall or to cut the connection. */
  readonly socket: MemoryClientSocket;
}

/** Connects a client to a handler without a network. */
export function connectInMemory(handler: RealtimeHandler, options: MemoryConnectOptions = {}): MemoryConnection {
  const { model = "antiphon", path = "/v1/realtime", apiKey, headers, query } = options;
  const { transport, client: socket } = createMemoryPair(options);
  const url = new URL(`memory://antiphon${path}`);
  for (const [name, value] of Object.entries({ ...(model === null ? {} : { model }), ...query })) {
    url.searchParams.set(name, value);
  }
  const sent = new Headers(headers);
  if (apiKey !== undefined) sent.set("authorization", `Bearer ${apiKey}`);
  handler.accept(transport, { url, headers: sent, remoteAddress: undefined });
  return { client: new RealtimeTestClient(socket), socket };
}

/** As for `createRealtimeHandler`, except that everybody may come in unless you say otherwise. */
export type TestRealtimeOptions = Omit<RealtimeHandlerOptions, "authenticate"> & Partial<RealtimeHandlerOptions>;

export interface TestRealtime extends MemoryConnection {
  readonly handler: RealtimeHandler;
  /** One more client on the same handler. */
  connect(options?: MemoryConnectOptions): MemoryConnection;
  /** Ends all sessions, without patience. */
  close(): Promise<void>;
}

/**
 * Everything that a test of a voice feature needs:
 *
 * ```ts
 * const { client, close } = createTestRealtime({ engine });
 * await client.next("session.created");
 * ```
 *
 * The models are `antiphon` and the official names, unless `models` says otherwise.
 */
export function createTestRealtime(options: TestRealtimeOptions, connect?: MemoryConnectOptions): TestRealtime {
  const handler = createRealtimeHandler({ authenticate: allowAnyone(), ...options });
  return {
    handler,
    ...connectInMemory(handler, connect),
    connect: (more) => connectInMemory(handler, more),
    close: () => handler.close({ drainMs: 1 }),
  };
}
