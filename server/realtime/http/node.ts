/** Between Node's HTTP server and the Fetch handlers. */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestOrigin } from "../door/authenticator";
import { ProtocolError } from "../protocol/errors";
import { refusals } from "../door/refusal";
import { MAX_BODY_BYTES } from "./body";

/** What Express's body parsers leave behind. */
type ParsedRequest = IncomingMessage & { readonly body?: unknown };

/** The URL of a request, or null when it has none that can be read. Its origin is only a guess: paths and queries count. */
export function requestUrl(req: IncomingMessage): URL | null {
  const target = req.url ?? "/";
  const scheme = "encrypted" in req.socket && req.socket.encrypted === true ? "https" : "http";
  const absolute = target.startsWith("/") ? `${scheme}://localhost${target}` : target;
  if (!URL.canParse(absolute)) return null;
  const url = new URL(absolute);
  const host = req.headers.host;
  if (host !== undefined && /^[\w.:[\]-]+$/.test(host) && URL.canParse(`${scheme}://${host}`)) url.host = host;
  return url;
}

/** Headers as Fetch has them; those that Fetch would not take are left out. */
export function requestHeaders(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    for (const part of Array.isArray(value) ? value : [value]) headers.append(name, part);
  }
  return headers;
}

export function requestOrigin(req: IncomingMessage, url: URL): RequestOrigin {
  return { url, headers: requestHeaders(req), remoteAddress: req.socket.remoteAddress };
}

/** Reads the request whole, though not much more than a body may have. @throws Refusal for what Fetch cannot express. */
export async function toFetchRequest(req: ParsedRequest, origin: RequestOrigin): Promise<Request> {
  const method = req.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? await readBody(req) : undefined;
  try {
    return new Request(origin.url, { method, headers: origin.headers, body: body && new Uint8Array(body) });
  } catch {
    // TRACE, CONNECT, or a password in the URL.
    throw refusals.badRequest(new ProtocolError("This request cannot be served.", { code: "invalid_request" }));
  }
}

/** Beyond this the connection is cut. */
const MAX_DISCARDED_BYTES = 32 * MAX_BODY_BYTES;

async function readBody(req: ParsedRequest): Promise<Buffer> {
  if (req.readableDidRead) return alreadyRead(req.body);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    // One chunk too many is enough for the route to see that it is too large; the rest is read and dropped, for a
    // client that is still sending would not see the answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(Buffer.from(chunk as Uint8Array));
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_DISCARDED_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** The body that a parser in front of us has consumed, back in bytes. */
function alreadyRead(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

export async function sendFetchResponse(res: ServerResponse, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  if (res.destroyed || res.headersSent) return;
  // What is left of a refused upload is not worth reading: the connection goes with the answer.
  if (!res.req.complete) res.setHeader("connection", "close");
  res.statusCode = response.status;
  response.headers.forEach((value, name) => res.setHeader(name, value));
  if (response.status !== 204) res.setHeader("content-length", body.length);
  res.end(body);
}

/** Answers an upgrade request that stays HTTP. */
export async function refuseUpgrade(socket: Duplex, response: Response): Promise<void> {
  socket.on("error", () => socket.destroy());
  const body = Buffer.from(await response.arrayBuffer());
  const { status } = response;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${body.length}`,
  ].join("\r\n");
  socket.once("finish", () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
}
