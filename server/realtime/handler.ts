/** `createRealtimeHandler`: the Realtime API, mounted into a server that somebody else owns. */
import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestOrigin } from "./door/authenticator";
import { doorAt, doorsAt } from "./door/doors";
import { OriginPolicy } from "./http/cors";
import { nodeMiddleware } from "./http/middleware";
import { RestApi } from "./http/rest";
import { upgradesAt } from "./http/upgrades";
import type { Mount } from "./mount";
import { mountUpgrades } from "./mount";
import type { RealtimeHandlerOptions } from "./options";
import { checkedBasePath, withDefaultWebSocket } from "./options";
import type { Calls } from "./calls/control";
import { WebRtcCalls } from "./calls/webrtc";
import { liveSessions, type LiveSessions } from "./live/session-registry";
import type { CreateSession } from "./live/session-of-engine";
import { RealtimeService } from "./service";
import { createSession } from "./session/create";
import type { Transport } from "./transport/types";
import { WebSocketAcceptor } from "./transport/websocket-acceptor";

export interface AttachOptions {
  /**
   * The whole path of the WebSocket as clients dial it, where it differs from `basePath`, as under an Express sub-path.
   * Default: `basePath`.
   */
  readonly path?: string;
}

export interface CloseOptions {
  /** Milliseconds that running replies get to end. Default: 10,000. */
  readonly drainMs?: number;
}

/** Every member may be passed on by itself, as in `app.use(realtime.middleware)`. */
export interface RealtimeHandler {
  /**
   * The REST routes for Express, Connect and `node:http`. Foreign paths go to `next()`, or are answered with 404 when
   * there is none.
   */
  readonly middleware: (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;
  /**
   * Takes the WebSocket upgrades of its own path on `server` (`node:http`, `node:https`); others stay with the host's
   * own listeners, and get 404 when it has none. Returns what detaches it; `close()` does so too.
   */
  readonly attach: (server: EventEmitter, options?: AttachOptions) => () => void;
  /** For hosts that own the `upgrade` event: true when the path was ours and the socket is taken. */
  readonly handleUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** The REST routes as a Fetch handler, for Next, Hono, Bun and others. Never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Serves one client over a transport of your own. `request` is what the client asked with: its URL carries the model,
   * its headers the key. Call it in the tick in which the transport came.
   */
  readonly accept: (transport: Transport, request: RequestOrigin) => void;
  /** For transports of your own that bring calls, such as SIP: adds theirs to what clients can control. */
  readonly calls: Calls;
  /** The sessions alive in this process, of all tenants. */
  readonly sessions: LiveSessions;
  /** Takes nobody new, lets running replies end, then closes every session. */
  readonly close: (options?: CloseOptions) => Promise<void>;
}

/**
 * Makes a handler. It owns no server and no engine: close those yourself.
 *
 * @throws TypeError when an option cannot work, with what to change.
 */
export function createRealtimeHandler(options: RealtimeHandlerOptions): RealtimeHandler {
  return handlerWith(options, createSession);
}

/** The same with sessions of another make, for tests. */
export function handlerWith(options: RealtimeHandlerOptions, createSession: CreateSession): RealtimeHandler {
  const basePath = checkedBasePath(options.basePath);
  const azure = options.azure ?? true;
  const doors = doorsAt(basePath, { azure });
  const service = new RealtimeService(options, createSession);
  const acceptor = new WebSocketAcceptor(withDefaultWebSocket(options.websocket));
  const origins = new OriginPolicy(options.origins);
  const webrtc = options.webrtc === false ? undefined : new WebRtcCalls(service, options.webrtc);
  const rest = new RestApi({ basePath, service, webrtc, origins, documents: options.documents ?? true, azure });
  const upgradesOf = (path: string): Mount => upgradesAt(doorsAt(path, { azure }), { service, acceptor, origins });
  const upgrades = upgradesOf(basePath);
  const detachers = new Set<() => void>();

  return {
    middleware: nodeMiddleware(rest, (error) => service.fault(error)),
    attach: (server, { path } = {}) => {
      const detach = mountUpgrades(server, path === undefined ? upgrades : upgradesOf(checkedBasePath(path)));
      detachers.add(detach);
      return () => {
        detachers.delete(detach);
        detach();
      };
    },
    handleUpgrade: (req, socket, head) => {
      const ours = upgrades.claims(req);
      if (ours) upgrades.take(req, socket, head);
      return ours;
    },
    fetch: (request) =>
      rest.handle(request, { url: new URL(request.url), headers: request.headers, remoteAddress: undefined }),
    accept: (transport, origin) =>
      service.accept(transport, { origin, door: doorAt(doors, origin.url.pathname) ?? doors[0] }),
    calls: service.calls,
    sessions: liveSessions(service.sessions),
    close: async ({ drainMs } = {}) => {
      await service.close(drainMs);
      for (const detach of detachers) detach();
      detachers.clear();
    },
  };
}
