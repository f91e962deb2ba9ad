/** For tests: a real server on loopback that plays the other side of a relay, by a script. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { defaultSessionConfig, toSessionResource } from "../protocol/session-config";
import { listen } from "./test-support";

export interface UpstreamPeer {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Frames from the relay, as they came. */
  readonly frames: string[];
  /** Resolves with the code when the relay has gone. */
  readonly closed: Promise<number>;
  send(event: object | string): void;
  /** The next frame of that type that was not waited for yet. */
  next(type: string): Promise<Record<string, unknown>>;
}

export interface TestUpstream {
  readonly url: string;
  readonly peers: UpstreamPeer[];
  /** Handshakes so far, refused ones included. */
  readonly handshakes: IncomingMessage[];
  /** The next one that connects. */
  peer(index: number): Promise<UpstreamPeer>;
}

export interface TestUpstreamOptions {
  /** The HTTP status of a handshake; 101 lets it through. Default: always 101. */
  readonly status?: (handshake: number) => number;
  /** What happens to one that connected. Default: it is greeted. */
  readonly onPeer?: (peer: UpstreamPeer, index: number) => void;
}

const resource = toSessionResource(defaultSessionConfig({ model: "theirs", voice: "marin" }), {
  id: "sess_theirs",
  expiresAt: 1_900_000_000,
});

export const sessionEvent = (type: "session.created" | "session.updated", changes: object = {}) => ({
  type,
  event_id: `event_${type}`,
  session: { ...resource, ...changes },
});

export const greet = (peer: UpstreamPeer): void => peer.send(sessionEvent("session.created"));

export async function testUpstream({ status, onPeer = greet }: TestUpstreamOptions = {}): Promise<TestUpstream> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const peers: UpstreamPeer[] = [];
  const handshakes: IncomingMessage[] = [];
  http.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    handshakes.push(request);
    const code = status?.(handshakes.length) ?? 101;
    if (code !== 101) return socket.end(`HTTP/1.1 ${code} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const peer = peerOf(ws, request);
      peers.push(peer);
      onPeer(peer, peers.length - 1);
    });
  });
  const host = await listen(http);
  onTestFinished(() => {
    for (const { socket } of peers) socket.terminate();
  });
  const peer = async (index: number): Promise<UpstreamPeer> => {
    for (;;) {
      const found = peers[index];
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { url: `ws://${host}`, peers, handshakes, peer };
}

function peerOf(socket: WebSocket, request: IncomingMessage): UpstreamPeer {
  const frames: string[] = [];
  let read = 0;
  socket.on("message", (data: Buffer) => void frames.push(data.toString()));
  socket.on("error", () => undefined);
  return {
    socket,
    request,
    frames,
    closed: once(socket, "close").then(([code]) => code as number),
    send: (event) => socket.send(typeof event === "string" ? event : JSON.stringify(event)),
    next: async (type) => {
      for (;;) {
        for (; read < frames.length;) {
          const event = JSON.parse(frames[read++]!) as Record<string, unknown>;
          if (event["type"] === type) return event;
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
}
