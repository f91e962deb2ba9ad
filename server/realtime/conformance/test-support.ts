/** For the library's own tests: real servers on loopback, closed after each test, and engines that follow a script. */
import { once } from "node:events";
import type { Server as HttpServer, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { allowAnyone } from "../door/auth";
import type { Session } from "../live/connection";
import { pipeline } from "../engine/pipeline";
import type { Engine } from "../engine/types";
import type { RealtimeHandler } from "../handler";
import { createRealtimeHandler } from "../handler";
import type { SessionObservation, SessionInfo, SessionObserver } from "../observers/types";
import type { RealtimeHandlerOptions } from "../options";
import { defaultSessionConfig, toSessionResource } from "../protocol/session-config";
import type { SessionOptions, SessionSnapshot } from "../session/types";
import { RealtimeTestClient } from "../testing/client";
import { scriptedLlm, scriptedStt, scriptedTts } from "../testing/providers";
import type { ScriptedLlmOptions } from "../testing/providers";
import { scriptedVad } from "../testing/scripted-vad";
import type { WebSocketClientOptions } from "../testing/sockets";

export function textEngine(llm: ScriptedLlmOptions = {}): Engine {
  return pipeline({ stt: scriptedStt(), llm: scriptedLlm(llm), tts: scriptedTts() });
}

/** A tone is speech to this engine, and the script says what it heard and answers. */
export function scriptedEngine(llm: ScriptedLlmOptions, hear = "what time is it"): Engine {
  return pipeline({
    stt: scriptedStt({ hear, streaming: true }),
    llm: scriptedLlm(llm),
    tts: scriptedTts({ msPerChar: 30 }),
    vad: scriptedVad(),
  });
}

/** A handler that lets everybody in, closed when the test ends. */
export function testHandler(options: Partial<RealtimeHandlerOptions> = {}): RealtimeHandler {
  const handler = createRealtimeHandler({ engine: textEngine(), authenticate: allowAnyone(), ...options });
  onTestFinished(() => handler.close({ drainMs: 1 }));
  return handler;
}

/** Listens on a free port of 127.0.0.1 until the test ends. Returns `host:port`. */
export async function listen(server: HttpServer | HttpsServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The handler on a plain server of its own. */
export async function serve(handler: RealtimeHandler, listener: RequestListener = handler.middleware): Promise<string> {
  const server = createServer(listener);
  handler.attach(server);
  return listen(server);
}

/** Dials the WebSocket; the client is closed when the test ends. */
export async function dial(
  host: string,
  options: WebSocketClientOptions & { readonly path?: string } = {},
): Promise<RealtimeTestClient> {
  const { path = "/v1/realtime?model=antiphon", ...rest } = options;
  const client = await RealtimeTestClient.connect(`ws://${host}${path}`, rest);
  onTestFinished(() => void client.close());
  return client;
}

/** A text turn over an open session; resolves with the reply. */
export async function textTurn(client: RealtimeTestClient, text = "Hi"): Promise<string> {
  client.send({
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
  });
  client.send({ type: "response.create", response: { output_modalities: ["text"] } });
  const { text: reply } = await client.next("response.output_text.done");
  await client.next("response.done");
  return reply;
}

export interface Seen {
  readonly info: SessionInfo;
  readonly observation: SessionObservation;
}

export function recordingObserver(): SessionObserver & { readonly seen: Seen[] } {
  const seen: Seen[] = [];
  return { name: "recording", seen, observe: (info, observation) => void seen.push({ info, observation }) };
}

/** A session that writes down what it is given, and does what the test makes it do. */
export class FakeSession implements Session {
  readonly id = `sess_${Math.random().toString(36).slice(2)}`;
  readonly info = { sessionId: this.id, conversationId: "conv_fake" };
  readonly log: string[] = [];
  readonly audio: Buffer[] = [];
  finishing: Promise<void> = Promise.resolve();

  constructor(readonly options: SessionOptions) {}

  start(): void {
    this.log.push("start");
    this.options.observe({ type: "started", at: 0 });
  }
  receive(event: { readonly type: string; readonly event_id?: string }): void {
    this.log.push(`${event.type} ${event.event_id ?? ""}`.trim());
  }
  append(audio: Buffer): void {
    this.log.push(`append ${audio.length}`);
    this.audio.push(audio);
  }
  reject(error: Error): void {
    this.log.push(`reject ${error.message}`);
  }
  snapshot(): SessionSnapshot {
    const { model } = this.options;
    const config = defaultSessionConfig({ model, voice: "alloy" });
    return { resource: toSessionResource(config, { id: this.id, expiresAt: 0 }), items: [] };
  }
  close(): void {
    this.log.push("close");
  }
  finish(): Promise<void> {
    this.log.push("finish");
    return this.finishing;
  }
}
