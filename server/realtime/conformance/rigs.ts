/** The transports that the suite runs over: each a handler of its own for every session. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { allowAnyone } from "../auth";
import type { Engine } from "../engine/types";
import { createRealtimeHandler, type RealtimeHandler } from "../handler";
import { connectInMemory, RealtimeTestClient } from "../testing";
import type { HandlerSetup, Link, Rig } from "./rig";

/** What a client asks for in its URL. */
const query = ({ kind = "realtime" }: HandlerSetup): Record<string, string> =>
  kind === "transcription" ? { intent: "transcription" } : { model: "antiphon" };

function handlerFor(engine: Engine, { limits = {}, turnTaking = {}, context }: HandlerSetup): RealtimeHandler {
  return createRealtimeHandler({
    engine,
    limits,
    turnTaking,
    context,
    authenticate: allowAnyone(),
    validateEvents: "throw",
  });
}

function linkTo(client: RealtimeTestClient): Link {
  return {
    events: client.events,
    closed: client.closed.then(({ code }) => code),
    close: () => void client.close(),
    send: (event) =>
      client.sendRaw(typeof event === "string" || Buffer.isBuffer(event) ? event : JSON.stringify(event)),
  };
}

export const memory: Rig = {
  name: "memory",
  open: (engine, options) =>
    Promise.resolve(
      linkTo(connectInMemory(handlerFor(engine, options), { model: null, query: query(options) }).client),
    ),
};

export const webSocket: Rig = {
  name: "WebSocket",
  async open(engine, options) {
    const server = createServer();
    handlerFor(engine, options).attach(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = await RealtimeTestClient.connect(
      `ws://127.0.0.1:${port}/v1/realtime?${new URLSearchParams(query(options))}`,
    );
    void client.closed.then(() => server.close());
    return linkTo(client);
  },
};
