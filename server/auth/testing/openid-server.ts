/** The provider on a port of this machine, where everybody who comes agrees at once. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { OpenIdProvider } from "./openid";

export interface OpenIdServer {
  readonly provider: OpenIdProvider;
  close(): Promise<void>;
}

export async function startOpenIdServer(): Promise<OpenIdServer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const provider = new OpenIdProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = async (path: string, query: URLSearchParams, req: { body: string; token: string | null }) => {
    if (path === "/.well-known/openid-configuration") return provider.discovery();
    if (path === "/jwks") return provider.jwks();
    if (path === "/authorize") return provider.authorize(query);
    if (path === "/token") return provider.token(new URLSearchParams(req.body)) ?? { error: "invalid_grant" };
    if (path === "/userinfo") return provider.about(req.token);
    return undefined;
  };
  server.on("request", (req, res) => {
    void (async () => {
      const { pathname, searchParams } = new URL(req.url ?? "/", provider.issuer);
      const token = req.headers.authorization ?? null;
      const said = await answer(pathname, searchParams, { body: await text(req), token });
      if (said instanceof URL) return res.writeHead(302, { location: said.href }).end();
      const status = said === undefined ? 404 : "error" in said ? 400 : 200;
      return res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said ?? {}));
    })();
  });
  return {
    provider,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
