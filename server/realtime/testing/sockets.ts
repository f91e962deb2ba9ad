/** The client's end of a real WebSocket, in the form that the test client uses. */
import { WebSocket } from "ws";
import type { ClientSocket } from "./memory";

export interface WebSocketClientOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** PEM certificates to trust, for `wss:` with a certificate of your own. */
  readonly ca?: string;
}

/** Dials `url`. @throws when the server does not answer with 101; the message holds the status. */
export async function dialWebSocket(url: string | URL, options: WebSocketClientOptions = {}): Promise<ClientSocket> {
  const { apiKey, headers, protocols = [], ca } = options;
  const socket = new WebSocket(url, [...protocols], {
    headers: { ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }), ...headers },
    perMessageDeflate: false,
    ...(ca === undefined ? {} : { ca }),
  });
  const arrived: string[] = [];
  const keep = (data: Buffer): void => void arrived.push(data.toString());
  socket.on("message", keep);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return {
    send: (frame) => socket.send(frame),
    close: (code = 1000, reason = "") => socket.close(code, reason),
    listen: (listener) => {
      // Frames that came together with the 101.
      for (const frame of arrived.splice(0)) listener.onFrame(frame);
      socket.off("message", keep);
      socket.on("message", (data: Buffer) => listener.onFrame(data.toString()));
      socket.on("error", () => undefined);
      socket.once("close", (code: number, reason: Buffer) => listener.onClose(code, reason.toString()));
    },
  };
}
