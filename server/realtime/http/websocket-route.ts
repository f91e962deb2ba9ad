/** `GET` of a path that speaks WebSocket, without an upgrade: says what it is for. */
import { z } from "zod";
import { ProtocolError } from "../protocol/errors";
import { Refusal } from "../door/refusal";
import { errorResponse } from "./responses";
import type { Route } from "./router";

export function websocketRoute(path: string, operationId: string): Route {
  const refusal = new Refusal(
    new ProtocolError("This path speaks WebSocket. Connect with 'wss:' instead.", { code: "websocket_required" }),
    426,
    4000,
  );
  return {
    method: "GET",
    path,
    document: {
      operationId,
      summary: "Opens a realtime session over WebSocket. Its events are described by /asyncapi.json.",
      query: { model: z.string() },
      answer: { status: 101, description: "The session speaks WebSocket from here on." },
    },
    handle: () => errorResponse(refusal, { upgrade: "websocket" }),
  };
}
