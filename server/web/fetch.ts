/** Between Node's HTTP server and handlers that speak `Request → Response`; bodies stream out, and are bounded in. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { requestOrigin } from "./origin";

export type FetchHandler = (request: Request) => Promise<Response>;

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Serves one request. Rejects for faults of the handler alone; a client that leaves only aborts `request.signal`. */
export async function serveFetch(req: IncomingMessage, res: ServerResponse, handler: FetchHandler): Promise<void> {
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const body = await readBody(req);
  if (body === undefined) {
    res.writeHead(413, { connection: "close" }).end();
    return;
  }
  await send(res, await handler(toRequest(req, body, gone.signal)));
}

function toRequest(req: IncomingMessage, body: Buffer, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (name.startsWith(":") || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  const method = req.method ?? "GET";
  const carries = method !== "GET" && method !== "HEAD";
  return new Request(new URL(req.url ?? "/", requestOrigin(req)), {
    method,
    headers,
    signal,
    ...(carries ? { body: new Uint8Array(body) } : {}),
  });
}

/** Undefined when it is too large. */
async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function send(res: ServerResponse, response: Response): Promise<void> {
  if (res.destroyed) {
    await response.body?.cancel().catch(() => undefined);
    return;
  }
  res.statusCode = response.status;
  response.headers.forEach((value, name) => {
    if (name !== "set-cookie") res.setHeader(name, value);
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader("set-cookie", cookies);
  if (response.body === null) {
    res.end();
    return;
  }
  res.flushHeaders();
  const body = Readable.fromWeb(response.body as ReadableStream);
  await new Promise<void>((resolve) => {
    res.once("close", () => {
      body.destroy();
      resolve();
    });
    body.once("error", () => res.destroy());
    body.pipe(res);
  });
}
