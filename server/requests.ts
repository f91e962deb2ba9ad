/** Every HTTP request, in order: health, the app's own routes, the realtime REST routes, the page. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { RealtimeHandler } from "./realtime/handler";
import type { App } from "./app/app";

export interface RequestRoutes {
  readonly realtime: Pick<RealtimeHandler, "middleware">;
  /** Undefined: the API alone, and 404 for whatever is not of it. */
  readonly page: { handle(req: IncomingMessage, res: ServerResponse): void } | undefined;
  /** Logging in and what pages call. Undefined: without the team app. */
  readonly app: Pick<App, "handle"> | undefined;
  /** False while the server shuts down. */
  readonly healthy: () => boolean;
  /** Whether sessions can be opened and remembered. */
  readonly ready: () => Promise<boolean>;
  readonly onFault: (error: unknown) => void;
}

export function createRequestListener({
  realtime,
  page,
  app,
  healthy,
  ready,
  onFault,
}: RequestRoutes): RequestListener {
  return (req, res) => {
    const path = req.url?.replace(/\?.*$/s, "");
    if (path === "/healthz") return sendHealth(res, healthy());
    if (path === "/readyz") return void ready().then((ok) => sendHealth(res, ok));
    if (page === undefined) return realtime.middleware(req, res);
    const answered = app?.handle(req, res);
    if (answered) {
      answered.catch((error: unknown) => {
        onFault(error);
        fail(res);
      });
      return;
    }
    realtime.middleware(req, res, (error) => {
      if (error === undefined) return page.handle(req, res);
      onFault(error);
      fail(res);
    });
  };
}

function sendHealth(res: ServerResponse, ok: boolean): void {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  res.writeHead(ok ? 200 : 503, headers).end(JSON.stringify({ ok }));
}

function fail(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(500).end();
}
