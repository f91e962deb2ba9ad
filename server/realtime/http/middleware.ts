/** The REST routes for Express, Connect and `node:http`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal, refusals } from "../door/refusal";
import { requestOrigin, requestUrl, sendFetchResponse, toFetchRequest } from "./node";
import { errorResponse } from "./responses";
import type { RestApi } from "./rest";

export type NodeMiddleware = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;

export function nodeMiddleware(rest: RestApi, onFault: (error: unknown) => void): NodeMiddleware {
  const serve = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const origin = requestOrigin(req, url);
    const answer = await toFetchRequest(req, origin).then(
      (request) => rest.handle(request, origin),
      (error: unknown) => {
        if (error instanceof Refusal) return errorResponse(error);
        throw error;
      },
    );
    await sendFetchResponse(res, answer);
  };
  const notFound = (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> =>
    sendFetchResponse(res, errorResponse(refusals.unknownUrl(req.method ?? "GET", path)));

  return (req, res, next) => {
    const url = requestUrl(req);
    const ours = url !== null && rest.owns(url.pathname);
    if (!ours && next) return next();
    const answered = ours ? serve(req, res, url) : notFound(req, res, url?.pathname ?? req.url ?? "");
    answered.catch((error: unknown) => {
      // A client that left in the middle of its request is no fault.
      if (!req.destroyed) onFault(error);
      res.destroy();
    });
  };
}
