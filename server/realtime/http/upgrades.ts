/** WebSocket upgrades of a handler's doors: who may come through, and what the others are told. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Arrival } from "../door/admission";
import { doorAt, type Door } from "../door/doors";
import { isWebSocket } from "../mount";
import type { Mount } from "../mount";
import { refusals, toRefusal } from "../door/refusal";
import type { Refusal } from "../door/refusal";
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
      const enter = (arrival: Arrival): void =>
        acceptor.accept({ request, socket, head }, (transport) => service.accept(transport, arrival));
      if (door.azure) askFirst({ origin, door }, socket, { enter, refuse, service });
      else enter({ origin, door });
    },
  };
}

interface Answers {
  readonly enter: (arrival: Arrival) => void;
  readonly refuse: (socket: Duplex, refusal: Refusal) => void;
  readonly service: RealtimeService;
}

/** Lets nobody upgrade who will not be let in. */
function askFirst(arrival: Arrival, socket: Duplex, { enter, refuse, service }: Answers): void {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  const fail = (): void => void socket.destroy();
  socket.once("close", leave);
  socket.on("error", fail);
  service
    .admit(arrival, gone.signal)
    .then(
      (admitted) => () => enter({ ...arrival, admitted }),
      (error: unknown) => {
        const refusal = toRefusal(error, (fault) => service.fault(fault));
        return () => refuse(socket, refusal);
      },
    )
    .then((answer) => {
      socket.off("close", leave);
      socket.off("error", fail);
      if (!socket.destroyed) answer();
    })
    .catch((error: unknown) => {
      service.fault(error);
      socket.destroy();
    });
}
