/** Everything of the server that remembers: the database, the services on it, and what they give to the library. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPasswordHasher } from "../../lib/auth/passwords";
import type { Database } from "../../lib/db/client";
import { DatabaseStartError } from "../../lib/db/errors";
import { openDatabase, type OpenedDatabase } from "../../lib/db/open";
import { databaseFolder } from "../../lib/db/place";
import type { Env } from "../../lib/env";
import type { Logger } from "../../lib/logger";
import { createSealer } from "../../lib/seal";
import { checkBudgets } from "../../lib/services/budgets/check";
import type { GuardedRequests, Services } from "../../lib/services/context";
import { standingOf } from "../../lib/services/limits/standing";
import { setServices } from "../../lib/services/runtime";
import { applyRetention, endSilent, keepAlive } from "../../lib/services/sessions/life";
import type { SessionView } from "../../lib/services/sessions/view";
import { ensureFirstOrganisation, ensureOwner, issueSetupToken } from "../../lib/services/users/setup";
import { deliverWebhooks } from "../../lib/services/webhooks/deliver";
import { audioFolder, type AudioStore, createAudioStore } from "../observers/audio/store";
import { createRecorder, type Recorder } from "../observers/recorder";
import { forgetBatches } from "../observers/write";
import { Counters } from "../limits/counters";
import { createLimitsGate, type LimitsGate } from "../limits/gate";
import { connectRedis } from "../limits/redis";
import type { Authenticate } from "../realtime/door/auth";
import type { RealtimeHandlerOptions } from "../realtime/options";
import type { McpConnect, McpOptions } from "../realtime/tools/mcp";
import type { LiveSessions } from "../realtime/live/session-registry";
import type { OutboundFetch } from "../net/outbound";
import { mcpConnector } from "../providers/mcp";
import { StartError } from "../start-error";
import { createToolRunner } from "../tools/runner";
import { databaseMcpServers, databasePrompts } from "./agents";
import { databaseArchive } from "./archive";
import { removeAudio } from "./audio-removal";
import { rescueAudio } from "./audio-rescue";
import { databaseAuthenticate } from "./authenticate";
import { ServiceEvents } from "./events";
import { Jobs } from "./jobs";
import type { LiveFeed } from "./live-feed";
import { endRequestedSessions, endSessionsOfEndedKeys, endSessionsOfKey } from "./live-keys";
import { watchedSessions } from "./live-sessions";
import { EVERY_MS, type JobName, type Schedule } from "./schedule";
import { requireCommonSecret, sealingSecret } from "./secret";
import { databaseSecretStore } from "./secret-store";

export interface Storage {
  readonly services: Services;
  readonly kind: OpenedDatabase["kind"];
  /** The organisation that bootstrap keys belong to. */
  readonly firstOrg: string;
  /** Makes the first owner, once. Undefined when somebody can log in already. */
  readonly setupToken: string | undefined;
  authenticate(bootstrapKeys: readonly string[]): Authenticate;
  /** What the library keeps and tells here. */
  readonly options: Pick<RealtimeHandlerOptions, "secrets" | "observers" | "archive" | "usage" | "prompts">;
  /** MCP servers that were registered in the dashboard. */
  readonly mcpServers: NonNullable<McpOptions["lookup"]>;
  /** Recorded audio, for the route that plays it. */
  readonly audio: AudioStore;
  /** The sessions that run, for those who watch them. */
  readonly live: LiveFeed<readonly SessionView[]>;
  /** Begins the work on live sessions, once there can be some. */
  attach(sessions: LiveSessions): void;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly env: Env;
  readonly log: Logger;
  readonly outbound: GuardedRequests;
  /** Default: the one that the environment names. */
  readonly database?: () => Promise<OpenedDatabase>;
  /** As sessions connect to MCP servers. Default: over `outbound`. */
  readonly connectMcp?: McpConnect;
  /** Milliseconds between two runs of a job. */
  readonly everyMs?: Partial<Schedule>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Throws `StartError` for everything that the operator can fix. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { env, log, outbound, connectMcp, database } = options;
  const everyMs = { ...EVERY_MS, ...options.everyMs };
  const db = await (database?.() ?? open(env, log));
  const events = new ServiceEvents((error) => log.error("A listener of the services failed.", error));
  const passwords = createPasswordHasher();
  const close = async (): Promise<void> => {
    await passwords.close();
    await db.close();
  };
  try {
    const secret = await sealingSecret(env.storage.secret, env.dataDir);
    await requireCommonSecret(db, secret);
    const seal = createSealer(secret);
    const fetch: OutboundFetch = (url, init) => outbound.fetch(String(url), init);
    const tools = createToolRunner({ fetch, connect: connectMcp ?? mcpConnector({ fetch }) });
    const services: Services = { db, seal, passwords, outbound, tools, notify: events.notify };
    const firstOrg = await ensureFirstOrganisation(services);
    if (env.storage.owner) await ensureOwner(services, env.storage.owner);
    const setupToken = await issueSetupToken(services);
    const live = watchedSessions(services, log);
    const audio = createAudioStore({ folder: audioFolder(env.dataDir), s3: env.storage.s3 });
    const recorder = await createRecorder({
      db,
      log,
      audio,
      spoolFolder: join(env.dataDir, "spool"),
      onWebhooks: () => events.notify({ type: "webhook.queued", org: firstOrg }),
      onWritten: (org) => live.poke(org),
    });
    const redis = env.storage.redisUrl === undefined ? undefined : await connectRedis(env.storage.redisUrl, log);
    const gate = createLimitsGate({
      counters: new Counters(redis),
      standing: (org) => standingOf(db, org),
      log,
    });
    setServices(services);
    let stop: () => Promise<void> = async () => undefined;
    return {
      services,
      kind: db.kind,
      firstOrg,
      setupToken,
      audio,
      live,
      authenticate: (bootstrapKeys) => databaseAuthenticate({ services, bootstrapKeys, org: firstOrg, gate }),
      options: {
        secrets: databaseSecretStore(services, gate),
        observers: [recorder],
        archive: databaseArchive(services, recorder),
        usage: gate,
        prompts: databasePrompts(services, gate),
      },
      mcpServers: databaseMcpServers(services),
      attach: (sessions) => (stop = attach({ services, events, sessions, recorder, gate, audio, log, everyMs })),
      ping: () => db.ping(),
      close: async () => {
        setServices(undefined);
        await stop();
        await recorder.close();
        redis?.disconnect();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(env: Env, log: Logger): Promise<OpenedDatabase> {
  try {
    return await openDatabase({
      url: env.storage.databaseUrl,
      dataDir: databaseFolder(env.dataDir),
      root: ROOT,
      onFault: (error) => log.error("The embedded database failed, and is started anew.", error),
      onRecovered: () => log.info("The embedded database answers again."),
    });
  } catch (error) {
    if (error instanceof DatabaseStartError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

interface Attached {
  readonly services: Services;
  readonly events: ServiceEvents;
  readonly sessions: LiveSessions;
  readonly recorder: Recorder;
  readonly gate: LimitsGate;
  readonly audio: AudioStore;
  readonly log: Logger;
  readonly everyMs: Schedule;
}

function attach({ services, events, sessions, recorder, gate, audio, log, everyMs }: Attached): () => Promise<void> {
  const remove = (): Promise<void> => removeAudio(services.db, audio);
  const work: Record<JobName, () => Promise<unknown>> = {
    keys: () => endSessionsOfEndedKeys(services, sessions),
    ends: () => endRequestedSessions(services, sessions),
    webhooks: () => deliverWebhooks(services),
    budgets: () => checkBudgets(services),
    life: () => keepLife(services.db, recorder),
    retention: () => retain(services.db, remove),
    audio: remove,
    recordings: () => recorder.touchAudio(),
    rescue: () => rescueAudio({ db: services.db, audio, recorder }),
  };
  const jobs = new Jobs(
    (Object.keys(work) as JobName[]).map((name) => ({ name, everyMs: everyMs[name], run: work[name] })),
    (job, error) => log.warn(`The job "${job}" failed; it is tried again.`, error),
  );
  jobs.start();
  jobs.soon("retention");
  jobs.soon("rescue");
  const unlisten = events.listen((event) => {
    if (event.type === "key.revoked") endSessionsOfKey(sessions, event);
    if (event.type === "session.end") endSession(sessions, event);
    if (event.type === "settings.changed" || event.type === "prices.changed") recorder.forget(event.org);
    if (event.type === "limits.changed") gate.forget(event.org);
    if (event.type === "audio.deleted") jobs.soon("audio");
    if (event.type === "webhook.queued") jobs.soon("webhooks");
  });
  return async () => {
    unlisten();
    await jobs.close();
    await remove().catch((error: unknown) => log.warn("Recorded audio is deleted after the next start.", error));
  };
}

async function keepLife(db: Database, { live }: Recorder): Promise<void> {
  await keepAlive(db, live);
  await endSilent(db);
}

async function retain(db: Database, remove: () => Promise<void>): Promise<void> {
  await applyRetention(db);
  await forgetBatches(db);
  await remove();
}

function endSession(sessions: LiveSessions, { org, sessionId }: { org: string; sessionId: string }): void {
  if (sessions.find(sessionId)?.tenant === org) sessions.end(sessionId);
}
