/** Where a request came from and to: scheme, host, address, and whether a page of ours sent it. */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

/** What tells one request from another, without a socket. */
export interface RequestFacts {
  readonly peer: string | undefined;
  readonly encrypted: boolean;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export function requestFacts(req: IncomingMessage): RequestFacts {
  return { peer: req.socket.remoteAddress, encrypted: req.socket instanceof TLSSocket, headers: req.headers };
}

/** The origin that the client dialled: both schemes answer on one port, so the socket decides. */
export function requestOrigin(req: IncomingMessage): string {
  const { encrypted, headers } = requestFacts(req);
  const host = typeof headers.host === "string" && isHost(headers.host) ? headers.host : "localhost";
  return `${encrypted || isForwardedHttps(headers) ? "https" : "http"}://${host}`;
}

/** A proxy that ends TLS in front of us says so; at worst a client lies to itself. */
function isForwardedHttps(headers: RequestFacts["headers"]): boolean {
  return headers["x-forwarded-proto"] === "https";
}

function isHost(host: string): boolean {
  return /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(host);
}

/**
 * Whether a request that changes something was sent by a page of this very host: browsers always name the page's
 * origin on those, and no other site can choose it.
 */
export function isFromOurPage({ headers }: Pick<RequestFacts, "headers">): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (typeof origin !== "string" || typeof host !== "string") return false;
  if (site !== undefined && site !== "same-origin") return false;
  return origin.replace(/^https?:\/\//, "").toLowerCase() === host.toLowerCase();
}

const FORWARDED = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;

/** Whether the person sits at the server's own machine: a loopback peer, no proxy between, and a loopback name. */
export function isAtThisMachine({ peer, headers }: RequestFacts): boolean {
  return (
    isLoopbackAddress(peer) &&
    !Object.keys(headers).some((name) => FORWARDED.test(name)) &&
    typeof headers.host === "string" &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.host)
  );
}

/** Whether an address or HOST value stands for this machine alone. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^((::ffff:)?127(\.\d{1,3}){3}|::1|localhost)$/i.test(address);
}
