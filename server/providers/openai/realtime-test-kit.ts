/** A real server that speaks OpenAI's realtime transcription, and one who talks to it, for this folder's tests. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import type { ListenRequest, SpeechToText, TranscriptEvent, TranscriptStream } from "../../realtime/engine/types";
import { openaiRealtimeTranscription, type OpenAIRealtimeTranscriptionOptions } from "./index";
import { all, live } from "./test-kit";

export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

/** One connection, as the server sees it. */
export class Peer {
  readonly received: Frame[] = [];
  readonly closed: Promise<number>;
  #items = 0;

  constructor(
    readonly socket: WebSocket,
    readonly request: IncomingMessage,
    /** Of how many connections before. */
    readonly index: number,
  ) {
    this.closed = new Promise((resolve) => socket.once("close", resolve));
  }

  send(event: Frame | string): void {
    this.socket.send(typeof event === "string" ? event : JSON.stringify({ event_id: "event_s", ...event }));
  }

  types(): string[] {
    return this.received.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  }

  of(type: string): Frame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  /** All audio that was appended. */
  get audio(): Int16Array {
    const bytes = Buffer.concat(
      this.of("input_audio_buffer.append").map(({ audio }) => Buffer.from(`${audio}`, "base64")),
    );
    return new Int16Array(Uint8Array.from(bytes).buffer);
  }

  /** Commits what was heard as an item; returns its id. */
  commit(): string {
    const item_id = `item_${++this.#items}`;
    this.send({ type: "input_audio_buffer.committed", item_id, previous_item_id: null });
    this.send({ type: "conversation.item.added", item: { id: item_id, type: "message" } });
    return item_id;
  }

  /** Says something about the words of an item. */
  tell(what: "delta" | "segment" | "completed" | "failed", fields: Readonly<Record<string, unknown>>): void {
    this.send({
      type: `conversation.item.input_audio_transcription.${what}`,
      item_id: "item_1",
      content_index: 0,
      ...fields,
    });
  }
}

export interface UpstreamScript {
  /** What is heard. Default "good day". */
  readonly words?: string;
  /** More of `completed`. */
  readonly completed?: Readonly<Record<string, unknown>>;
  /** True: dealt with, the usual does not happen. */
  readonly on?: (frame: Frame, peer: Peer) => boolean | void;
  /** What a connection is answered with instead of 101; it may be hung up on by returning 0. */
  readonly refuse?: (index: number) => number | undefined;
}

export interface FakeUpstream {
  readonly baseURL: string;
  readonly peers: readonly Peer[];
  /** Connections asked for, refused ones included. */
  readonly asked: () => number;
  close(): void;
}

/** Starts one; it ends with the test. */
export async function upstream(script: UpstreamScript = {}): Promise<FakeUpstream> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const peers: Peer[] = [];
  let asked = 0;
  server.on("upgrade", (request, socket, head) => {
    const status = script.refuse?.(asked);
    asked += 1;
    if (status === 0) return socket.destroy();
    if (status !== undefined)
      return socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (client) => {
      const peer = new Peer(client, request, peers.length);
      peers.push(peer);
      peer.send({ type: "session.created", session: { type: "transcription" } });
      client.on("message", (data) => {
        const frame = JSON.parse(String(data)) as Frame;
        peer.received.push(frame);
        if (script.on?.(frame, peer) !== true) answer(frame, peer, script);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}/v1`, peers, asked: () => asked, close };
}

function answer(frame: Frame, peer: Peer, { words = "good day", completed }: UpstreamScript): void {
  if (frame.type === "session.update") return peer.send({ type: "session.updated", session: frame.session });
  if (frame.type !== "input_audio_buffer.commit") return;
  peer.commit();
  for (const word of words.match(/\s*\S+/g) ?? []) peer.tell("delta", { delta: word });
  peer.tell("completed", { transcript: words, usage: { type: "duration", seconds: 1 }, ...completed });
}

type Options = Partial<OpenAIRealtimeTranscriptionOptions>;

export function recogniser({ baseURL }: { baseURL: string }, options: Options = {}): SpeechToText {
  return openaiRealtimeTranscription({ baseURL, apiKey: "sk-secret-key", model: "gpt-x", maxRetries: 0, ...options });
}

export function listen(
  server: { baseURL: string },
  options?: Options,
  request?: Partial<ListenRequest>,
): TranscriptStream {
  return recogniser(server, options).listen!({ sampleRate: 24_000, signal: live(), ...request });
}

/** 400 ms at 24 kHz. */
export const samples = Int16Array.from({ length: 9_600 }, (_, i) => 8_000 * Math.sin(i / 9));

/** Speaks in chunks of 20 ms, each as fast as it can, and falls silent. */
export function speak(stream: TranscriptStream, audio = samples): void {
  for (let at = 0; at < audio.length; at += 480) stream.push(audio.subarray(at, at + 480));
  stream.finish();
}

export function heard(stream: TranscriptStream): Promise<TranscriptEvent[]> {
  speak(stream);
  return all(stream);
}

/** The end of what the server hears unless it is told otherwise. */
export const DONE = { type: "done", text: "good day", usage: { type: "duration", seconds: 1 } };
