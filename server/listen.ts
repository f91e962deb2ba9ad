/** Opens the port: plain HTTP alone, or HTTP and TLS behind one door. */
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { type Address, listenError } from "./start-error";
import type { Pair } from "./tls/authority";
import { createDoor } from "./tls/door";
import type { UpgradeListener } from "./upgrade";

export interface ListenOptions extends Address {
  /** Undefined: plain HTTP only. */
  readonly certificate: Pair | undefined;
  readonly onRequest: RequestListener;
  readonly onUpgrade: UpgradeListener;
}

export interface Listening {
  readonly port: number;
  /** Serves new TLS connections with another certificate. */
  renew(certificate: Pair): void;
  /** Takes no new connections; those that are open live on. */
  stop(): void;
  /** Ends every connection. */
  destroy(): void;
}

/** Silent and half-sent requests are dropped early: nobody has shown a key yet. Milliseconds. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 };
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Throws `StartError` when the port cannot be had. */
export async function listen({ host, port, certificate, onRequest, onUpgrade }: ListenOptions): Promise<Listening> {
  const http = createHttpServer(TIMEOUTS, onRequest).on("upgrade", onUpgrade);
  const https =
    certificate &&
    createHttpsServer(
      { ...TIMEOUTS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS, cert: certificate.cert, key: certificate.key },
      onRequest,
    ).on("upgrade", onUpgrade);
  const server: Server = https ? createDoor({ http, https }) : http;
  await opened(server, { host, port });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    renew: ({ cert, key }) => https?.setSecureContext({ cert, key }),
    stop: () => void server.close(),
    destroy: () => {
      for (const behind of [http, https]) {
        behind?.closeAllConnections();
        behind?.close();
      }
    },
  };
}

function opened(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(listenError(error, address));
    server.once("error", failed);
    server.listen(address.port, address.host, () => {
      server.off("error", failed);
      resolve();
    });
  });
}
