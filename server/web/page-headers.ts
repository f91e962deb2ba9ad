/** What a page may load, and what pages of ours are told about the request: no inline script without this page's nonce. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Read by the pages; whatever a client sends under these names is overwritten. */
const NONCE_HEADER = "x-nonce";
const PATH_HEADER = "x-antiphon-path";
const LOCAL_HEADER = "x-antiphon-local";

export interface PageHeaderOptions {
  /** Hot reload evaluates code. */
  readonly dev: boolean;
  /** Whether the request comes from the server's own machine. */
  readonly isLocal: (req: IncomingMessage) => boolean;
}

export function setPageHeaders(req: IncomingMessage, res: ServerResponse, { dev, isLocal }: PageHeaderOptions): void {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, dev);
  // Next takes the nonce of its own scripts from this header of the request.
  req.headers["content-security-policy"] = policy;
  req.headers[NONCE_HEADER] = nonce;
  req.headers[PATH_HEADER] = encodeURI(decodable(req.url ?? "/"));
  req.headers[LOCAL_HEADER] = isLocal(req) ? "yes" : "no";
  res.setHeader("content-security-policy", policy);
}

/** Whether a page's request was marked as coming from the server's own machine. */
export function isMarkedLocal(headers: Headers): boolean {
  return headers.get(LOCAL_HEADER) === "yes";
}

function decodable(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return "/";
  }
}

function contentSecurityPolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' blob:${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "worker-src 'self' blob:",
    // Not every browser counts ws: and wss: to the page's own address as 'self'.
    "connect-src 'self' ws: wss: blob: data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
