/** WebSocket upgrades of one path: who may come through, and what the others are told. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
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

/** Claims WebSockets at `path` and below it. */
export function upgradesAt(path: string, { service, acceptor, origins }: UpgradeOptions): Mount {
  const refuse = (socket: Duplex, refusal: Refusal): void => void refuseUpgrade(socket, errorResponse(refusal));
  const notFound = (request: IncomingMessage, socket: Duplex): void =>
    refuse(socket, refusals.unknownUrl("GET", requestUrl(request)?.pathname ?? ""));
  return {
    claims: (request) => isWebSocket(request) && isBelow(path, requestUrl(request)?.pathname ?? ""),
    refuse: notFound,
    take: (request, socket, head) => {
      const url = requestUrl(request);
      if (!url || url.pathname.replace(/\/$/, "") !== path) return notFound(request, socket);
      const origin = requestOrigin(request, url);
      if (!origins.allows(origin.headers)) return refuse(socket, refusals.originForbidden());
      if (service.isClosing) return refuse(socket, refusals.shuttingDown());
      acceptor.accept({ request, socket, head }, (transport) => service.accept(transport, origin));
    },
  };
}
