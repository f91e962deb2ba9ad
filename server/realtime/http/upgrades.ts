/** WebSocket upgrades of a handler's doors: who may come through, and what the others are told. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { doorAt, type Door } from "../doors";
import { isWebSocket } from "../mount";
import type { Mount } from "../mount";
import { refusals } from "../refusal";
import type { Refusal } from "../refusal";
import type { RealtimeService } from "../service";
import type { WebSocketAcceptor } from "../transport/websocket-acceptor";
import type { OriginPolicy } from "./cors";
import { refuseUpgrade, requestOrigin, requestUrl } from "./node";
import { errorResponse } from "./responses";
import { isBelow } from "./rest";

export interface UpgradeOptions {
  readonly service: RealtimeService;
  readonly acceptor: WebSocketAcceptor;
  readonly origins: OriginPolicy;
}

/** Claims WebSockets at the doors and below them. */
export function upgradesAt(doors: readonly Door[], { service, acceptor, origins }: UpgradeOptions): Mount {
  const refuse = (socket: Duplex, refusal: Refusal): void => void refuseUpgrade(socket, errorResponse(refusal));
  const notFound = (request: IncomingMessage, socket: Duplex): void =>
    refuse(socket, refusals.unknownUrl("GET", requestUrl(request)?.pathname ?? ""));
  return {
    claims: (request) => {
      const pathname = requestUrl(request)?.pathname ?? "";
      return isWebSocket(request) && doors.some(({ path }) => isBelow(path, pathname));
    },
    refuse: notFound,
    take: (request, socket, head) => {
      const url = requestUrl(request);
      const door = url && doorAt(doors, url.pathname);
      if (!url || !door) return notFound(request, socket);
      const origin = requestOrigin(request, url);
      if (!origins.allows(origin.headers)) return refuse(socket, refusals.originForbidden());
      if (service.isClosing) return refuse(socket, refusals.shuttingDown());
      acceptor.accept({ request, socket, head }, (transport) => service.accept(transport, { origin, door }));
    },
  };
}
