/** One `upgrade` listener on somebody else's server, which leaves everybody else's upgrades alone. */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

type UpgradeListener = ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) & { [OURS]?: Claims };
type Claims = (request: IncomingMessage) => boolean;

/** Marks our listeners, across the ESM and the CommonJS build. */
const OURS = Symbol.for("antiphon.upgrade");

export interface Mount {
  /** Whether an upgrade is ours. */
  readonly claims: Claims;
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** For WebSockets that nobody else on the server listens to: without an answer they would hang. */
  refuse(request: IncomingMessage, socket: Duplex): void;
}

/** Returns what takes the listener off again. */
export function mountUpgrades(server: EventEmitter, mount: Mount): () => void {
  const listener: UpgradeListener = (request, socket, head) => {
    if (mount.claims(request)) return mount.take(request, socket, head);
    if (!nobodyElse(server, listener, request)) return;
    if (isWebSocket(request) || hasBody(request)) mount.refuse(request, socket);
    else serveAsRequest(server, request, socket);
  };
  listener[OURS] = mount.claims;
  server.on("upgrade", listener);
  return () => void server.off("upgrade", listener);
}

/** Of several handlers on one server only the last one answers, and only for what none of them claims. */
function nobodyElse(server: EventEmitter, self: UpgradeListener, request: IncomingMessage): boolean {
  const listeners = server.listeners("upgrade").map((one) => (one as UpgradeListener)[OURS]);
  const known = listeners.filter((claims) => claims !== undefined);
  return known.length === listeners.length && known.at(-1) === self[OURS] && !known.some((claims) => claims(request));
}

export function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

/** Node does not parse the body of an upgrade. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Without any `upgrade` listener Node serves such a request as an ordinary one, and clients count on it: curl, for one,
 * offers `h2c` with every request. Our listener must not take that away.
 */
function serveAsRequest(server: EventEmitter, request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  if (!(socket instanceof Socket)) return void socket.destroy();
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.end();
  });
  server.emit("request", request, response);
}
