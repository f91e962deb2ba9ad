/** Puts a server together and starts it: with a page for `npm start`, without one for `antiphon serve`. */
import type { Env } from "../lib/env";
import type { Logger } from "../lib/logger";
import type { OpenApp } from "./app/app";
import type { BannerFacts } from "./banner";
import { openDataDir } from "./data-dir";
import { bootstrapKeys } from "./keys";
import { listen } from "./listen";
import { createOutbound, type Outbound } from "./net/outbound";
import type { Page } from "./page/next-page";
import { sendPlaceholder } from "./page/placeholder";
import { mcpConnector } from "./providers/mcp";
import { apiKeys } from "./realtime/door/auth";
import { createRealtimeHandler } from "./realtime/handler";
import { createRequestListener } from "./requests";
import type { Providers } from "./stages/providers";
import { buildStages, type Stages } from "./stages/stages";
import { type Address, describe } from "./start-error";
import type { Storage, StorageOptions } from "./storage/storage";
import { serverCertificate } from "./tls/certificates";
import { createUpgradeListener } from "./upgrade";

export interface BootOptions {
  readonly env: Env;
  readonly log: Logger;
  readonly providers: Providers;
  /** Starts the page, once the port is known. Undefined: the API alone. */
  readonly startPage?: (address: Address) => Page;
  /** Opens what the server remembers things in. Undefined: it forgets everything when it ends. */
  readonly openStorage?: (options: StorageOptions) => Promise<Storage>;
  /** Opens the team app on that storage: logins, and what pages call. Undefined: the API alone. */
  readonly openApp?: OpenApp;
}

export interface RunningServer {
  readonly facts: Omit<BannerFacts, "startMs">;
  /** Takes nobody new, gives running replies `drainMs` milliseconds to end, then closes everything. */
  close(drainMs?: number): Promise<void>;
}

/** Streams of MCP servers stay open as long as a session; what a session asks of them it bounds itself. */
const MCP_LIMITS = { timeoutMs: Infinity, headersTimeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 };
const RENEWAL_CHECK_MS = 12 * 60 * 60 * 1000;

/** Throws `StartError` for everything that the operator can fix. */
export async function boot(options: BootOptions): Promise<RunningServer> {
  const { env, log, startPage } = options;
  await openDataDir(env.dataDir);
  const { host, tls, dataDir } = env;
  const keys = await bootstrapKeys(env.apiKeys, dataDir);
  const certificate = await serverCertificate(tls, { dataDir, host });
  if (certificate && certificate.validTo.getTime() < Date.now()) log.warn("The certificate in TLS_CERT has expired.");
  const outbound = createOutbound({ allow: env.outboundAllow });
  const streams = createOutbound({ allow: env.outboundAllow, ...MCP_LIMITS });
  const { stages, storage } = await prepare({ ...options, outbound });
  const { models, engine } = stages;
  const realtime = createRealtimeHandler({
    models,
    authenticate: storage?.authenticate(keys.keys) ?? apiKeys(keys.keys),
    logger: log,
    webrtc: given(env.webrtc),
    mcp: { connect: mcpConnector({ fetch: streams.fetch }), ...(storage && { lookup: storage.mcpServers }) },
    ...storage?.options,
  });
  storage?.attach(realtime.sessions);
  const offer = { engine: engine.name, models: Object.keys(models), voices: engine.voices ?? [] };
  const app = storage && (await options.openApp?.({ env, log, offer, storage }));
  const closeParts = () => closeInTurn([app, storage, outbound, streams, stages]);
  /** Filled once the port is known. */
  const slot: { page?: Page } = {};
  let healthy = true;

  const listening = await listen({
    host,
    port: env.port,
    certificate,
    onRequest: createRequestListener({
      realtime,
      page: startPage && {
        handle: (req, res) => (slot.page ? slot.page.handle(req, res) : sendPlaceholder(req, res, "building")),
      },
      app,
      healthy: () => healthy,
      ready: async () => healthy && (await remembers(storage)),
      onFault: (error) => log.error("A request failed.", error),
    }),
    onUpgrade: createUpgradeListener({
      realtime: realtime.handleUpgrade,
      page: (req, socket, head) => slot.page?.upgrade(req, socket, head) ?? false,
    }),
  }).catch(async (error: unknown) => {
    await closeParts();
    throw error;
  });
  const { port } = listening;
  slot.page = startPage?.({ host, port });

  const renewal = setInterval(() => {
    serverCertificate(tls, { dataDir, host })
      .then((renewed) => renewed && listening.renew(renewed))
      .catch((error: unknown) => log.error(`The certificate cannot be renewed: ${describe(error)}`));
  }, RENEWAL_CHECK_MS).unref();

  return {
    facts: {
      host,
      port,
      tls: tls.mode,
      caFile: certificate?.caFile,
      page: startPage !== undefined,
      setupToken: storage?.setupToken,
      keys,
      stages: stages.choices,
      models: Object.keys(models),
      passed: passedOn(models),
    },
    close: async (drainMs) => {
      healthy = false;
      clearInterval(renewal);
      listening.stop();
      await realtime.close({ drainMs });
      await slot.page?.close();
      listening.destroy();
      await closeParts();
    },
  };
}

/** Whether what the server remembers things in answers; true when it has nothing to remember. */
async function remembers(storage: Storage | undefined): Promise<boolean> {
  return (
    storage === undefined ||
    storage.ping().then(
      () => true,
      () => false,
    )
  );
}

type Preparation = Pick<BootOptions, "env" | "log" | "providers" | "openStorage"> & { readonly outbound: Outbound };

/** Providers and storage at the same time: each may take seconds at the first start. */
async function prepare({ env, log, providers, openStorage, outbound }: Preparation) {
  const [stages, storage] = await Promise.allSettled([
    buildStages(env, providers),
    openStorage?.({ env, log, outbound: { fetch: outbound.fetch, check: (url) => outbound.check(url) } }),
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

/** Models that another server answers. */
function passedOn(models: Stages["models"]): BannerFacts["passed"] {
  return Object.entries(models).flatMap(([model, { kind, name }]) =>
    kind === "relay" || kind === "fallback" ? [{ model, to: name }] : [],
  );
}

async function closeInTurn(parts: readonly ({ close(): Promise<void> } | undefined)[]): Promise<void> {
  for (const part of parts) await part?.close();
}
