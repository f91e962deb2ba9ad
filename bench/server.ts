/** The server under test, in a process of its own: `floor` (bare ws that parses and decodes) or `antiphon`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { allowAnyone, createRealtimeHandler, pipeline } from "antiphon";
import { scriptedLlm, scriptedStt, scriptedTts } from "antiphon/testing";

export interface ServerStats {
  /** Microseconds of CPU since the process began. */
  readonly cpu: number;
  /** Bytes, after a full garbage collection. */
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
}

const mode = process.argv[2];
const server = createServer();

if (mode === "antiphon") {
  createRealtimeHandler({
    engine: pipeline({ stt: scriptedStt(), llm: scriptedLlm(), tts: scriptedTts() }),
    authenticate: allowAnyone(),
    validateEvents: false,
    limits: { maxPending: 5_000 },
  }).attach(server);
} else {
  const bare = new WebSocketServer({ server, perMessageDeflate: false });
  bare.on("connection", (socket) => {
    const kept: Buffer[] = [];
    let bytes = 0;
    socket.on("message", (frame: Buffer) => {
      const event: { audio?: string } = JSON.parse(frame.toString());
      const audio = Buffer.from(event.audio ?? "", "base64");
      kept.push(audio);
      bytes += audio.length;
      // As much as a session keeps before a client commits.
      if (bytes > 480_000) bytes -= kept.shift()?.length ?? 0;
    });
  });
}

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on("message", () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const stats: ServerStats = { cpu: user + system, rss, heap: heapUsed, external };
  process.send?.(stats);
});
process.on("disconnect", () => process.exit(0));
