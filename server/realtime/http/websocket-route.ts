/** `GET /v1/realtime` without an upgrade: says what the path is for. */
import { ProtocolError } from "../protocol/errors";
import { Refusal } from "../refusal";
import { errorResponse } from "./responses";
import type { Route } from "./router";

export function websocketRoute(basePath: string): Route {
  const refusal = new Refusal(
    new ProtocolError("This path speaks WebSocket. Connect with 'wss:' instead.", { code: "websocket_required" }),
    426,
    4000,
  );
  return {
    method: "GET",
    path: basePath,
    handle: () => errorResponse(refusal, { upgrade: "websocket" }),
  };
}
