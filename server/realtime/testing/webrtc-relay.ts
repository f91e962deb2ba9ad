/** For tests: a UDP relay between a client and the server that loses, delays and reorders packets. */
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import type { DataChannel } from "node-datachannel";

export interface Weather {
  /** Share of the packets that are lost, 0 to 1. */
  readonly loss: number;
  /** Each packet is late by anything up to this, in ms. */
  readonly jitterMs: number;
}

/** Resolves when a data channel is open. */
export function onceOpen(channel: DataChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The data channel did not open.")), 10_000);
    channel.onOpen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Rewrites an answer so that its one host candidate leads through the relay. `weather` may change while it runs. */
export async function relayTo(answer: string, weather: () => Weather) {
  const candidate = /a=candidate:\S+ 1 UDP \d+ (127\.0\.0\.1) (\d+) typ host/i.exec(answer);
  const serverPort = Number(candidate?.[2]);
  const [front, back] = [createSocket("udp4"), createSocket("udp4")];
  await Promise.all([front, back].map((socket) => new Promise<void>((done) => socket.bind(0, "127.0.0.1", done))));
  let clientPort: number | undefined;
  let over = false;
  const pass = (send: () => void): void => {
    const { loss, jitterMs } = weather();
    if (Math.random() < loss) return;
    setTimeout(() => !over && send(), Math.random() * jitterMs);
  };
  front.on("message", (packet, from) => {
    clientPort = from.port;
    pass(() => back.send(packet, serverPort, "127.0.0.1"));
  });
  back.on("message", (packet) => {
    const port = clientPort;
    if (port !== undefined) pass(() => front.send(packet, port, "127.0.0.1"));
  });
  const { port } = front.address() as AddressInfo;
  const sdp = answer
    .split("\r\n")
    .filter((line) => !line.startsWith("a=candidate:") || line.includes(`127.0.0.1 ${serverPort} `))
    .join("\r\n")
    .replaceAll(`127.0.0.1 ${serverPort} typ host`, `127.0.0.1 ${port} typ host`);
  return {
    sdp,
    close: () => {
      over = true;
      front.close();
      back.close();
    },
  };
}
