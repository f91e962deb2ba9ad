/** What `npm start` says when it is ready: where to go, with which key, and who hears, thinks and speaks. */
import { relative } from "node:path";
import type { TlsEnv } from "../lib/env";
import type { BootstrapKeys } from "./keys";
import { isLoopbackAddress } from "./web/origin";

/** What was chosen for one stage, and why. */
export interface StageChoice {
  readonly stage: "stt" | "llm" | "tts" | "speech" | "vad";
  readonly chosen: string;
  readonly reason: string;
}

export interface BannerFacts {
  /** What the server listens on. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsEnv["mode"];
  /** The authority that clients must trust; absolute. */
  readonly caFile: string | undefined;
  /** Whether there is a page to open, or the API alone. */
  readonly page: boolean;
  /** Makes the first owner, once. Undefined when there is one, or nothing to log in to. */
  readonly setupToken?: string | undefined;
  readonly keys: BootstrapKeys;
  /** Where what happens is remembered. Undefined: nowhere. */
  readonly keeps:
    { readonly database: "embedded" | "postgresql"; readonly dataDir: string; readonly redis: boolean } | undefined;
  readonly stages: readonly StageChoice[];
  readonly models: readonly string[];
  /** Names that other servers answer for, or have a second choice, and what answers each. */
  readonly passed?: readonly { readonly model: string; readonly to: string }[];
  readonly startMs: number;
}

const STAGE_LABELS: Readonly<Record<StageChoice["stage"], string>> = {
  stt: "Hears",
  llm: "Thinks",
  tts: "Speaks",
  speech: "Talks",
  vad: "Listens",
};

export function banner(facts: BannerFacts): string {
  const rows: [string, string][] = [
    ...(facts.page ? [["Open", pageUrl(facts)] as [string, string]] : []),
    ...(facts.page && facts.setupToken !== undefined
      ? [["Set up", setupLine(facts, facts.setupToken)] as [string, string]]
      : []),
    ["API", apiLine(facts)],
    ["Key", keyLine(facts.keys)],
    ["Keeps", keepsLine(facts.keeps)],
    ...(facts.caFile === undefined ? [] : [["Trust", trustLine(facts.caFile)] as [string, string]]),
    ...facts.stages.map(
      ({ stage, chosen, reason }) => [STAGE_LABELS[stage], `${chosen} (${reason})`] as [string, string],
    ),
    ["Models", modelsLine(facts.models)],
    ...(facts.passed ?? []).map(({ model, to }) => ["Passes", `${model} on to ${to}`] as [string, string]),
  ];
  const lines = rows.map(([label, text]) => `  ${label.padEnd(8)}${text}`);
  return ["", `antiphon is ready after ${(facts.startMs / 1000).toFixed(1)} s.`, "", ...lines, ""].join("\n");
}

/** The name by which this machine's own user reaches the server, with the port. */
export function localAuthority({ host, port }: { readonly host: string; readonly port: number }): string {
  const everywhere = host === "0.0.0.0" || host === "::";
  const name = everywhere || isLoopbackAddress(host) ? "localhost" : host;
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function pageUrl(facts: BannerFacts): string {
  return `http://${localAuthority(facts)}/`;
}

function setupLine(facts: BannerFacts, token: string): string {
  return `http://${localAuthority(facts)}/setup?token=${token} (makes the first owner; works once, for a day)`;
}

function apiLine(facts: BannerFacts): string {
  const base = `${localAuthority(facts)}/v1`;
  return facts.tls === "off" ? `http://${base}` : `http://${base} and https://${base} (official SDKs dial wss:)`;
}

function keyLine({ keys, origin }: BootstrapKeys): string {
  if (origin.type === "configured")
    return keys.length === 1 ? "from ANTIPHON_API_KEY" : `${keys.length} from ANTIPHON_API_KEY`;
  const file = shortPath(origin.file);
  return origin.fresh ? `${keys[0] ?? ""} (shown this once; kept in ${file})` : `kept in ${file}`;
}

function keepsLine(keeps: BannerFacts["keeps"]): string {
  if (keeps === undefined) return "nothing: these keys only, no recording, no limits (DATABASE_URL brings all of them)";
  const { database, dataDir, redis } = keeps;
  const place = database === "embedded" ? `an embedded PostgreSQL in ${dataDir}` : "the PostgreSQL of DATABASE_URL";
  return redis ? `${place}, limits in Redis` : place;
}

function trustLine(caFile: string): string {
  return `NODE_EXTRA_CA_CERTS=${/\s/.test(caFile) ? `"${caFile}"` : caFile} makes Node clients trust https: and wss:`;
}

function modelsLine(models: readonly string[]): string {
  const shown = models.slice(0, 4).join(", ");
  return models.length > 4 ? `${shown} and ${models.length - 4} more names` : shown;
}

function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}
