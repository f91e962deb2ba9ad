/** What a server is made of before it listens: providers, storage, guarded requests, the realtime handler, the team app. */
import type { Env } from "../lib/env";
import type { Logger } from "../lib/logger";
import type { App, OpenApp } from "./app/app";
import { createOutbound, type Outbound } from "./net/outbound";
import { mcpConnector } from "./providers/mcp";
import { apiKeys } from "./realtime/door/auth";
import { createRealtimeHandler, type RealtimeHandler } from "./realtime/handler";
import type { McpConnect } from "./realtime/tools/mcp";
import type { Providers } from "./stages/providers";
import { buildStages, type Stages } from "./stages/stages";
import type { Storage, StorageOptions } from "./storage/storage";

export interface PartsOptions {
  readonly env: Env;
  readonly log: Logger;
  readonly providers: Providers;
  /** Opens what the server remembers things in. Undefined: it forgets everything when it ends. */
  readonly openStorage?: (options: StorageOptions) => Promise<Storage>;
  /** Opens the team app on that storage: logins, and what pages call. Undefined: the API alone. */
  readonly openApp?: OpenApp;
}

export interface Parts {
  readonly realtime: RealtimeHandler;
  readonly stages: Stages;
  readonly storage: Storage | undefined;
  readonly app: App | undefined;
  /** Whether what the server remembers things in answers; true when it has nothing to remember. */
  remembers(): Promise<boolean>;
  close(): Promise<void>;
}

/** Streams of MCP servers stay open as long as a session; what a session asks of them it bounds itself. */
const MCP_LIMITS = { timeoutMs: Infinity, headersTimeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 };

/** `keys` work whatever the storage says. Throws `StartError` for everything that the operator can fix. */
export async function openParts(options: PartsOptions, keys: readonly string[]): Promise<Parts> {
  const { env, log } = options;
  const outbound = createOutbound({ allow: env.outboundAllow });
  const streams = createOutbound({ allow: env.outboundAllow, ...MCP_LIMITS });
  const connectMcp = mcpConnector({ fetch: streams.fetch });
  const { stages, storage } = await prepare({ ...options, outbound, connectMcp });
  const { models, engine } = stages;
  const realtime = createRealtimeHandler({
    models,
    authenticate: storage?.authenticate(keys) ?? apiKeys(keys),
    logger: log,
    webrtc: given(env.webrtc),
    mcp: { connect: connectMcp, ...(storage && { lookup: storage.mcpServers }) },
    ...storage?.options,
  });
  storage?.attach(realtime.sessions);
  const offer = { engine: engine.name, models: Object.keys(models), voices: engine.voices ?? [] };
  const app = storage && (await options.openApp?.({ env, log, offer, providers: stages.providers, storage }));
  return {
    realtime,
    stages,
    storage,
    app,
    remembers: () => (storage === undefined ? Promise.resolve(true) : succeeds(storage.ping())),
    close: () => closeInTurn([app, storage, outbound, streams, stages]),
  };
}

type Preparation = Pick<PartsOptions, "env" | "log" | "providers" | "openStorage"> & {
  readonly outbound: Outbound;
  readonly connectMcp: McpConnect;
};

/** Providers and storage at the same time: each may take seconds at the first start. */
async function prepare({ env, log, providers, openStorage, outbound, connectMcp }: Preparation) {
  const guarded = { fetch: outbound.fetch, check: (url: string) => outbound.check(url) };
  const [stages, storage] = await Promise.allSettled([
    buildStages(env, providers),
    openStorage?.({ env, log, outbound: guarded, connectMcp }),
  ]);
  if (stages.status === "fulfilled" && storage.status === "fulfilled")
    return { stages: stages.value, storage: storage.value };
  if (stages.status === "fulfilled") await stages.value.close();
  if (storage.status === "fulfilled") await storage.value?.close();
  await outbound.close();
  throw stages.status === "rejected" ? stages.reason : storage.status === "rejected" ? storage.reason : undefined;
}

/** Without what is not set. */
function given<T extends object>(settings: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never;
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

async function closeInTurn(parts: readonly ({ close(): Promise<void> } | undefined)[]): Promise<void> {
  for (const part of parts) await part?.close();
}
