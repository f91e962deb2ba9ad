/** The handler behind TLS with an authority of its own, since the official clients always dial `wss:`. */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { apiKeys, createRealtimeHandler } from "../realtime";
import type { Engine } from "../realtime/engine/types";
import { createAuthority, issueCertificate } from "../tls/authority";

export const KEY = "sk-test-official-clients";

export interface TlsServer {
  /** For `baseURL`, as a user would write it. */
  readonly baseURL: string;
  /** What a client must trust. */
  readonly ca: string;
}

const authority = createAuthority(Date.now());
const certificate = authority.then((ca) =>
  issueCertificate({ authority: ca, names: ["127.0.0.1", "localhost"], now: Date.now() }),
);

export async function startTlsServer(engine: Engine): Promise<TlsServer> {
  const { cert, key } = await certificate;
  const realtime = createRealtimeHandler({ engine, authenticate: apiKeys([KEY]), validateEvents: "throw" });
  const server = createServer({ cert, key }, realtime.middleware);
  realtime.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await realtime.close({ drainMs: 1 });
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}/v1`, ca: (await authority).cert };
}
