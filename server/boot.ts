/** Puts a server together and starts it: with a page for `npm start`, without one for `antiphon serve`. */
import type { BannerFacts } from "./banner";
import { openDataDir } from "./data-dir";
import { bootstrapKeys } from "./keys";
import { listen } from "./listen";
import { PageSlot, type StartPage } from "./page/page-slot";
import { openParts, type Parts, type PartsOptions } from "./parts";
import { createRequestListener } from "./requests";
import type { Stages } from "./stages/stages";
import { serverCertificate } from "./tls/certificates";
import { renewCertificate } from "./tls/renewal";
import { createUpgradeListener } from "./upgrade";

export interface BootOptions extends PartsOptions {
  /** Starts the page, once the port is known. Undefined: the API alone. */
  readonly startPage?: StartPage;
}

export interface RunningServer {
  readonly facts: Omit<BannerFacts, "startMs">;
  /** Takes nobody new, gives running replies `drainMs` milliseconds to end, then closes everything. */
  close(drainMs?: number): Promise<void>;
}

/** Throws `StartError` for everything that the operator can fix. */
export async function boot(options: BootOptions): Promise<RunningServer> {
  const { env, log, startPage } = options;
  const { host, tls, dataDir } = env;
  await openDataDir(dataDir);
  const keys = await bootstrapKeys(env.apiKeys, dataDir);
  const certificate = await serverCertificate(tls, { dataDir, host });
  if (certificate && certificate.validTo.getTime() < Date.now()) log.warn("The certificate in TLS_CERT has expired.");
  const parts = await openParts(options, keys.keys);
  const { realtime, app, stages, storage } = parts;
  const page = startPage && new PageSlot(startPage);
  let healthy = true;

  const listening = await listen({
    host,
    port: env.port,
    certificate,
    onRequest: createRequestListener({
      realtime,
      page,
      app,
      healthy: () => healthy,
      ready: async () => healthy && (await parts.remembers()),
      onFault: (error) => log.error("A request failed.", error),
    }),
    onUpgrade: createUpgradeListener({
      realtime: realtime.handleUpgrade,
      page: (req, socket, head) => page?.upgrade(req, socket, head) ?? false,
    }),
  }).catch(async (error: unknown) => {
    await parts.close();
    throw error;
  });
  const { port } = listening;
  page?.start({ host, port });
  const endRenewal = renewCertificate({ tls, place: { dataDir, host }, log, renew: listening.renew });

  return {
    facts: {
      ...{ host, port, keys },
      tls: tls.mode,
      caFile: certificate?.caFile,
      page: page !== undefined,
      setupToken: storage?.setupToken,
      keeps: keptIn(options, parts),
      stages: stages.choices,
      models: Object.keys(stages.models),
      passed: passedOn(stages.models),
    },
    close: async (drainMs) => {
      healthy = false;
      endRenewal();
      listening.stop();
      await realtime.close({ drainMs });
      await page?.close();
      listening.destroy();
      await parts.close();
    },
  };
}

function keptIn({ env }: BootOptions, { storage }: Parts): BannerFacts["keeps"] {
  return storage && { database: storage.kind, dataDir: env.dataDir, redis: env.storage.redisUrl !== undefined };
}

/** Models that another server answers. */
function passedOn(models: Stages["models"]): BannerFacts["passed"] {
  return Object.entries(models).flatMap(([model, { kind, name }]) =>
    kind === "relay" || kind === "fallback" ? [{ model, to: name }] : [],
  );
}
