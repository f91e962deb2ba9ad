/** Turns HTTP upgrades into WebSocket transports. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "ws";
import { WebSocketServer } from "ws";
import type { WebSocketSettings } from "./settings";
import type { Transport } from "./types";
import { ServerWebSocket, WebSocketTransport } from "./websocket";

/** The only subprotocol that is ever selected. Others may carry a key, which must not be echoed. */
const SUBPROTOCOL = "realtime";

export interface UpgradeParts {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent right behind its request. */
  readonly head: Buffer;
}

export class WebSocketAcceptor {
  private readonly server: Server<typeof ServerWebSocket>;

  constructor(private readonly settings: WebSocketSettings) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxFrameBytes,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
      WebSocket: ServerWebSocket,
    });
  }

  /** Answers 101 and hands over the transport, or answers the malformed handshake with its HTTP error. */
  accept(upgrade: UpgradeParts, onTransport: (transport: Transport) => void): void {
    this.server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      onTransport(new WebSocketTransport(socket, upgrade.socket, this.settings));
    });
  }
}
