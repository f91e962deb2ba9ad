/** Whole servers for tests of storage: on databases that nobody used before, and on lines that can be cut. */
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { WebSocket } from "ws";
import { connect as connectDatabase, type Database } from "../../../lib/db/client";
import { startEmbedded } from "../../../lib/db/embedded/server";
import { migrate, migrationsFolder } from "../../../lib/db/migrate";
import type { OpenedDatabase } from "../../../lib/db/open";
import { ROOT } from "../../../lib/db/testing/database";
import { readEnv } from "../../../lib/env";
import { createLogger } from "../../../lib/logger";
import type { ServiceContext } from "../../../lib/services/context";
import { memberContext } from "../../../lib/services/users/member-context";
import { setUp } from "../../../lib/services/users/setup";
import { boot, type RunningServer } from "../../boot";
import { scriptedProviders } from "../../stages/scripted-providers";
import type { Schedule } from "../schedule";
import { openStorage, type Storage } from "../storage";

const closers: (() => unknown)[] = [];

/** Called once the test is over: what was opened last goes first. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export const dataFolder = (): string => mkdtempSync(join(tmpdir(), "antiphon-storage-"));

/** A database that nobody used before. */
export async function freshDatabase(url: string): Promise<string> {
  const name = `antiphon_${Math.random().toString(36).slice(2)}`;
  const admin = postgres(url, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  closers.push(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  });
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

export interface Line {
  /** The same URL, by way of here. */
  readonly url: string;
  /** Ends every connection, and takes no new one. */
  cut(): void;
  mend(): void;
}

/** What is between a server and a database, and can fail. */
export async function lineTo(url: string, defaultPort: number): Promise<Line> {
  const target = new URL(url);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(target.port || defaultPort), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy()).on("close", () => (open.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  const cut = (): void => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => (cut(), server.close()));
  const port = String((server.address() as AddressInfo).port);
  return { url: Object.assign(new URL(url), { hostname: "127.0.0.1", port }).href, cut, mend: () => (whole = true) };
}

export interface Started {
  readonly server: RunningServer;
  readonly storage: Storage;
  readonly base: string;
  readonly bootstrapKey: string;
}

type OpenDatabase = () => Promise<OpenedDatabase>;

/** Opens one embedded database for several servers, as PostgreSQL is: by itself it lets in only one. */
export async function sharedEmbedded(): Promise<OpenDatabase> {
  const { socket, close } = await startEmbedded({ dataDir: undefined, maxConnections: 12 });
  closers.push(close);
  const open = (): Database => connectDatabase({ target: { socket }, connections: 3 });
  const first = open();
  await migrate(first, migrationsFolder(ROOT));
  await first.close();
  return async () => ({ ...open(), kind: "embedded" });
}

/** Closed by `closeAll`, unless the test did. */
export async function start(
  source: Record<string, string>,
  database?: OpenDatabase,
  everyMs?: Partial<Schedule>,
): Promise<Started> {
  const env = readEnv({ PORT: "0", TLS: "off", ...source });
  let storage: Storage | undefined;
  const server = await boot({
    env,
    log: createLogger({ level: "silent" }),
    providers: scriptedProviders(),
    openStorage: async (options) =>
      (storage = await openStorage({ ...options, ...(database && { database }), ...(everyMs && { everyMs }) })),
  });
  if (!storage) throw new Error("There is no storage.");
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= server.close(1));
  closers.push(close);
  const [bootstrapKey = ""] = server.facts.keys.keys;
  return { server: { ...server, close }, storage, bootstrapKey, base: `127.0.0.1:${server.facts.port}` };
}

/** Makes the first owner, by a setup link. */
export async function owner({ services, setupToken = "" }: Storage, token = setupToken): Promise<ServiceContext> {
  const input = { token, email: "o@example.com", password: "long enough", name: "O", organisation: "Acme" };
  const { id } = await setUp({ services, input });
  const ctx = await memberContext(services, { userId: id, loginEpoch: 0 });
  if (!ctx) throw new Error("The owner is no member.");
  return ctx;
}

/** `at`: a server's address, and the key to come with. */
export const call = (at: readonly [string, string], path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${at[0]}/v1/realtime${path}`, {
    ...init,
    headers: { authorization: `Bearer ${at[1]}`, "content-type": "application/json" },
  });

interface ServerEvent {
  readonly type: string;
  readonly error?: { readonly code: string };
  readonly session?: { readonly id: string };
  readonly response?: { readonly status: string; readonly status_details?: { readonly error?: { code: string } } };
}

export async function open(base: string, key: string): Promise<WebSocket & { readonly sessionId: string }> {
  const ws = new WebSocket(`ws://${base}/v1/realtime?model=antiphon`, { headers: { authorization: `Bearer ${key}` } });
  const [first] = (await once(ws, "message")) as [Buffer];
  const { type, error, session } = JSON.parse(first.toString()) as ServerEvent;
  if (type !== "session.created") throw new Error(error?.code ?? type);
  return Object.assign(ws, { sessionId: session?.id ?? "" });
}

/** Has a reply made. Resolves with how it ended: its status, or the code of its failure. */
export function reply(ws: WebSocket, text = "Hello there"): Promise<string> {
  const content = [{ type: "input_text", text }];
  ws.send(JSON.stringify({ type: "conversation.item.create", item: { type: "message", role: "user", content } }));
  ws.send(JSON.stringify({ type: "response.create", response: { output_modalities: ["text"] } }));
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error("The connection ended first."));
    const look = (data: Buffer): void => {
      const { type, response } = JSON.parse(data.toString()) as ServerEvent;
      if (type !== "response.done") return;
      ws.off("message", look).off("close", gone);
      resolve(response?.status_details?.error?.code ?? response?.status ?? "");
    };
    ws.on("message", look).on("close", gone);
  });
}
