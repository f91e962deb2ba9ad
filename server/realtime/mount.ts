/** One `upgrade` listener on somebody else's server, which leaves everybody else's upgrades alone. */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

type UpgradeListener = ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) & { [OURS]?: Claims };
type Claims = (request: IncomingMessage) => boolean;

/** Marks our listeners, across the ESM and the CommonJS build. */
const OURS = Symbol.for("antiphon.upgrade");

export interface Mount {
  /** Whether an upgrade is ours. */
  readonly claims: Claims;
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** For what nobody else on the server listens to: without an answer it would hang. */
  refuse(request: IncomingMessage, socket: Duplex): void;
}

/** Returns what takes the listener off again. */
export function mountUpgrades(server: EventEmitter, mount: Mount): () => void {
  const listener: UpgradeListener = (request, socket, head) => {
    if (mount.claims(request)) mount.take(request, socket, head);
    else if (nobodyElse(server, listener, request)) mount.refuse(request, socket);
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
