/** One port for HTTP and TLS: the first byte of a connection tells which of two servers gets it. */
import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";

/** First byte of every TLS connection: a handshake record. No HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

export interface DoorOptions {
  /** Gets plain connections. Must not listen itself. */
  readonly http: HttpServer;
  /** Gets TLS connections. Must not listen itself. */
  readonly https: HttpsServer;
  /** How long a connection may stay silent before its first byte, in milliseconds. Default: 10000. */
  readonly peekTimeoutMs?: number;
}

/** The server to listen with. Closing it leaves the two behind it to their owner. */
export function createDoor({ http, https, peekTimeoutMs = 10_000 }: DoorOptions): Server {
  // allowHalfOpen and noDelay: what node:http would have asked for, had it listened itself.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    peek(socket, peekTimeoutMs, (first) => (first === TLS_HANDSHAKE ? https : http).emit("connection", socket));
  });
  // Node starts the timers behind headersTimeout and requestTimeout when a server begins to listen; these never do.
  door.on("listening", () => {
    http.emit("listening");
    https.emit("listening");
  });
  return door;
}

function peek(socket: Socket, timeoutMs: number, pass: (first: number | undefined) => void): void {
  const giveUp = (): void => {
    socket.destroy();
  };
  socket.on("error", giveUp);
  socket.on("end", giveUp);
  socket.setTimeout(timeoutMs, giveUp);
  socket.once("data", (chunk) => {
    socket.pause();
    socket.off("error", giveUp);
    socket.off("end", giveUp);
    socket.setTimeout(0);
    socket.off("timeout", giveUp);
    socket.unshift(chunk);
    pass(chunk[0]);
    // The HTTP parser reads on from the stream only after it has had a chance to attach itself.
    process.nextTick(() => socket.resume());
  });
}
