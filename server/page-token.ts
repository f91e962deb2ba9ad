/**
 * `POST /playground/token`: the page's way to a client secret without asking for the key. Only for the person at this
 * very machine: whoever else comes, a proxy's client or another site's script included, must give the key.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { BootstrapKeys } from "./keys";

export const PAGE_TOKEN_PATH = "/playground/token";

export interface PageTokenOptions {
  readonly keys: BootstrapKeys;
  /** The realtime REST routes. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Told to the page beside its secret. */
  readonly server: { readonly engine: string; readonly voices: readonly string[] | undefined };
}

export type PageTokenHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export function createPageToken({ keys, fetch, server }: PageTokenOptions): PageTokenHandler {
  return async (req, res) => {
    req.resume();
    if (req.method !== "POST") {
      res.setHeader("Allow", "POST");
      return refuse(res, 405, "Use POST to ask for a token.");
    }
    if (keys.origin.type === "configured") return refuse(res, 401, "Enter an API key of this server.");
    if (!isLocalPage(requestFacts(req)))
      return refuse(res, 401, "Enter an API key: only a page opened on the server's own machine gets in without one.");
    const minted = await fetch(
      new Request("http://localhost/v1/realtime/client_secrets", {
        method: "POST",
        headers: { authorization: `Bearer ${keys.keys[0] ?? ""}`, "content-type": "application/json" },
        body: JSON.stringify({ session: { type: "realtime" } }),
      }),
    );
    const secret: unknown = await minted.json();
    sendJson(res, minted.status, minted.ok ? Object.assign({ server }, secret) : secret);
  };
}

/** What tells a page on this machine from anything else. */
export interface RequestFacts {
  readonly peer: string | undefined;
  readonly encrypted: boolean;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

function requestFacts(req: IncomingMessage): RequestFacts {
  return {
    peer: req.socket.remoteAddress,
    encrypted: req.socket instanceof TLSSocket,
    headers: req.headers,
  };
}

const FORWARDED = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;

/**
 * The peer is this machine, no proxy stands between, the Host is a loopback name (a page under a rebound name has
 * another), and the request comes from a page of that very origin.
 */
export function isLocalPage({ peer, encrypted, headers }: RequestFacts): boolean {
  const host = headers.host;
  const site = headers["sec-fetch-site"];
  return (
    isLoopbackAddress(peer) &&
    !Object.keys(headers).some((name) => FORWARDED.test(name)) &&
    typeof host === "string" &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host) &&
    headers.origin === `${encrypted ? "https" : "http"}://${host.toLowerCase()}` &&
    (site === undefined || site === "same-origin")
  );
}

/** Whether an address or HOST value stands for this machine alone. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^((::ffff:)?127(\.\d{1,3}){3}|::1|localhost)$/i.test(address);
}

function refuse(res: ServerResponse, status: number, message: string): void {
  const error = { type: "invalid_request_error", code: status === 401 ? "key_required" : null, message, param: null };
  sendJson(res, status, { error });
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}
