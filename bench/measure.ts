/** What every benchmark needs: a server process to ask, clients to load it with, and numbers to sum up. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import WebSocket from "ws";
import type { ServerStats } from "./server";

export type Mode = "floor" | "antiphon" | "listening" | "relay";

export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static start(mode: Mode, flags: readonly string[] = []): Promise<ServerProcess> {
    return ServerProcess.run(new URL("./server.ts", import.meta.url), [mode, ...flags]);
  }

  /** The same compiled, as the published package is: tsx gives every closure a name of its own, which takes memory. */
  static async startCompiled(mode: "floor" | "antiphon"): Promise<ServerProcess> {
    const outfile = new URL("./.compiled/server.mjs", import.meta.url);
    await build({
      entryPoints: [fileURLToPath(new URL("./server.ts", import.meta.url))],
      outfile: fileURLToPath(outfile),
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)),
    });
    return ServerProcess.run(outfile, [mode]);
  }

  private static async run(file: URL, args: readonly string[]): Promise<ServerProcess> {
    const child = fork(fileURLToPath(file), args, {
      execArgv: ["--import", "tsx", "--expose-gc"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    return new ServerProcess(child, `ws://127.0.0.1:${port}/v1/realtime?model=antiphon`);
  }

  /** After a full garbage collection. */
  stats(): Promise<ServerStats> {
    return this.ask("stats");
  }

  /** Without one. */
  load(): Promise<ServerStats> {
    return this.ask("load");
  }

  private async ask(question: "stats" | "load"): Promise<ServerStats> {
    this.child.send(question);
    const [stats] = (await once(this.child, "message")) as [ServerStats];
    return stats;
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, "exit");
  }
}

/** Asks for `session.update` from a process of its own; see `probe.ts`. */
export class Probe {
  private constructor(private readonly child: ChildProcess) {}

  static async start(url: string): Promise<Probe> {
    const child = fork(fileURLToPath(new URL("./probe.ts", import.meta.url)), [url], {
      execArgv: ["--import", "tsx"],
    });
    await once(child, "message");
    return new Probe(child);
  }

  /** Forgets what it measured so far. */
  begin(): void {
    this.child.send("begin");
  }

  /** The round trips since `begin`, in ms. */
  async stop(): Promise<number[]> {
    this.child.send("end");
    const [delays] = (await once(this.child, "message")) as [number[]];
    this.child.disconnect();
    return delays;
  }
}

export async function connect(url: string, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(100, count - sockets.length) }, async () => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      await once(socket, "open");
      return socket;
    });
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function table(rows: readonly Record<string, string | number>[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const heads = Object.keys(first);
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  console.log(line(heads));
  console.log(line(heads.map(() => "---")));
  for (const row of rows) console.log(line(heads.map((head) => row[head] ?? "")));
}
