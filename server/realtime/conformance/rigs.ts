/** The transports that the suite runs over: each a handler of its own for every session. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { allowAnyone } from "../door/auth";
import type { ModelEngine } from "../engine/fallback";
import { relay } from "../engine/relay";
import { speechToSpeech } from "../engine/speech-to-speech";
import { createRealtimeHandler, type RealtimeHandler } from "../handler";
import { connectInMemory, RealtimeTestClient, scriptedSpeechModel } from "../testing";
import type { RealtimeHandlerOptions } from "../options";
import { callOver } from "../testing/webrtc-peer";
import type { HandlerSetup, Link, Rig } from "./rig";

/** What a client asks for in its URL. */
const query = ({ kind = "realtime" }: HandlerSetup): Record<string, string> =>
  kind === "transcription" ? { intent: "transcription" } : { model: "antiphon" };

const path = ({ kind }: HandlerSetup): string =>
  kind === "translation" ? "/v1/realtime/translations" : "/v1/realtime";

function handlerFor(
  engine: ModelEngine,
  { limits = {}, turnTaking = {}, context, tools, toolCalls, mcp, prompts, guardrails, observers }: HandlerSetup,
  webrtc: RealtimeHandlerOptions["webrtc"] = false,
): RealtimeHandler {
  return createRealtimeHandler({
    engine,
    limits,
    turnTaking,
    context,
    tools,
    toolCalls,
    webrtc,
    mcp,
    prompts,
    guardrails,
    observers,
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
      linkTo(
        connectInMemory(handlerFor(engine, options), { model: null, path: path(options), query: query(options) })
          .client,
      ),
    ),
};

/** A server for one client: it goes when the client does. */
async function served(handler: RealtimeHandler): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer();
  handler.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { origin: `ws://127.0.0.1:${port}`, close: () => server.close() };
}

async function dialled(handler: RealtimeHandler, options: HandlerSetup): Promise<RealtimeTestClient> {
  const { origin, close } = await served(handler);
  const client = await RealtimeTestClient.connect(`${origin}${path(options)}?${new URLSearchParams(query(options))}`);
  void client.closed.then(close);
  return client;
}

/** A model that hears, and speaks for itself; words are found beside it. */
export const native: Rig = {
  ...memory,
  name: "memory, with a model that hears",
  hears: true,
  engine: ({ llm, tts, ...parts }) => speechToSpeech({ model: scriptedSpeechModel({ llm, tts }), tts, ...parts }),
};

export const webRtc: Rig = {
  name: "WebRTC",
  audioInEvents: false,
  async open(engine, options) {
    const handler = handlerFor(engine, options, { bindAddress: "127.0.0.1" });
    const { kind } = options;
    const session = kind === "transcription" ? { session: { type: kind } } : {};
    const peer = await callOver(handler.fetch, session);
    return linkTo(peer.client);
  },
};

export const webSocket: Rig = {
  name: "WebSocket",
  open: async (engine, options) => linkTo(await dialled(handlerFor(engine, options), options)),
};

/** A relay in front of another antiphon, each behind a WebSocket of its own. */
export const relayed: Rig = {
  name: "a relay",
  async open(engine, options) {
    const upstream = await served(handlerFor(engine, options));
    const front = handlerFor(relay({ url: upstream.origin }), {});
    const client = await dialled(front, options);
    void client.closed.then(upstream.close);
    return linkTo(client);
  },
};
