/** The one `upgrade` listener: the library's own paths, then the page's hot reload, and 404 for all others. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Takes a socket and returns true, or leaves it alone and returns false. */
export type UpgradeRoute = (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

export interface UpgradeOptions {
  readonly realtime: UpgradeRoute;
  readonly page: UpgradeRoute;
  /**
   * How long a socket that the page took may go unanswered, in milliseconds: Next takes every path under its own, but
   * leaves some hanging. Default: 10000.
   */
  readonly pageDeadlineMs?: number;
}

export type UpgradeListener = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

export function createUpgradeListener({ realtime, page, pageDeadlineMs = 10_000 }: UpgradeOptions): UpgradeListener {
  return (req, socket, head) => {
    // Without a listener, a connection that is reset here would end the process.
    socket.on("error", () => socket.destroy());
    if (realtime(req, socket, head)) return;
    const before = written(socket);
    if (page(req, socket, head)) destroyUnanswered(socket, before, pageDeadlineMs);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
  };
}

function destroyUnanswered(socket: Duplex, before: number, deadlineMs: number): void {
  const timer = setTimeout(() => {
    if (written(socket) === before) socket.destroy();
  }, deadlineMs).unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Requests that came before the upgrade on the same connection count too, hence the comparison. */
function written(socket: Duplex): number {
  return "bytesWritten" in socket && typeof socket.bytesWritten === "number" ? socket.bytesWritten : 0;
}
