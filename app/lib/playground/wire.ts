/** What carries events between page and server, whatever it is made of. */

export interface Wire {
  /** False once it is closing or closed, and until it is open. */
  readonly isOpen: boolean;
  /** Bytes that wait to be sent. */
  readonly waiting: number;
  send(frame: string): void;
  /** The listener hears nothing any more. */
  close(): void;
}

export interface WireListener {
  onFrame(frame: string): void;
  /** The other side is gone; `code` and `reason` as WebSockets have them. */
  onClosed(code: number, reason: string): void;
}

export interface WireTarget {
  readonly secret: string;
  /** Undefined: the one that the secret names, or the server's default. */
  readonly model: string | undefined;
}

/** Opens a wire at once; whether it comes about is told to the listener. May throw. */
export type OpenWire = (target: WireTarget, listener: WireListener) => Wire;

export function openWebSocketWire({ secret, model }: WireTarget, listener: WireListener): Wire {
  const url = new URL("/v1/realtime", location.href);
  if (model !== undefined) url.searchParams.set("model", model);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, ["realtime", `openai-insecure-api-key.${secret}`]);
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") listener.onFrame(data);
  };
  socket.onclose = ({ code, reason }) => listener.onClosed(code, reason);
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get waiting() {
      return socket.bufferedAmount;
    },
    send: (frame) => socket.send(frame),
    close: () => {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    },
  };
}
