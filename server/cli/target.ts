/** Which server to talk to, and with which key. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvSource } from "../../lib/env";
import { keyFile } from "../keys";
import { isLoopbackAddress } from "../web/origin";
import { CliError } from "./errors";

export interface TargetOptions {
  /** Any usual form: `localhost:3000`, `http://host/v1`, `wss://host/v1/realtime?model=x`. Default: this machine's server. */
  readonly url?: string;
  readonly key?: string;
  readonly model?: string;
}

export interface Target {
  /** Ready for a WebSocket, with the model. */
  readonly url: URL;
  /** Undefined: none was found, and the server will say so if it wants one. */
  readonly key: string | undefined;
  /** PEM of the authority of the server on this machine, when there is one. */
  readonly ca: string | undefined;
}

const DEFAULT_MODEL = "gpt-realtime-2.1";

/** Throws `CliError` when the URL cannot be understood. */
export function findTarget(options: TargetOptions, env: EnvSource): Target {
  const url = realtimeUrl(options.url ?? `http://localhost:${env.PORT || "3000"}`, options.model);
  const dataDir = env.DATA_DIR || ".data";
  const local = isLoopbackAddress(url.hostname.replace(/^\[|\]$/g, ""));
  return {
    url,
    key: options.key ?? findKey(url, env, local ? readIfThere(keyFile(dataDir)) : undefined),
    ca: local ? readIfThere(join(dataDir, "tls", "ca.pem")) : undefined,
  };
}

/** The WebSocket address of a server that was named in any usual form. */
export function realtimeUrl(text: string, model?: string): URL {
  const url = parseUrl(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  const protocol = PROTOCOLS.get(url.protocol);
  if (url === undefined || protocol === undefined)
    throw new CliError(`--url ${text}: use http, https, ws or wss, for example http://localhost:3000.`);
  url.protocol = protocol;
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/realtime") ? path : path.endsWith("/v1") ? `${path}/realtime` : `${path}/v1/realtime`;
  if (model !== undefined) url.searchParams.set("model", model);
  else if (!url.searchParams.has("model")) url.searchParams.set("model", DEFAULT_MODEL);
  return url;
}

const PROTOCOLS = new Map([
  ["http:", "ws:"],
  ["ws:", "ws:"],
  ["https:", "wss:"],
  ["wss:", "wss:"],
]);

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new CliError(`--url ${text} is no address: use a form such as http://localhost:3000.`);
  }
}

/** A server of this machine wants its own key; OpenAI's key goes to strangers only when there is no other. */
function findKey(url: URL, env: EnvSource, kept: string | undefined): string | undefined {
  const own = env.ANTIPHON_API_KEY?.split(",")[0]?.trim() || undefined;
  const openai = env.OPENAI_API_KEY?.trim() || undefined;
  return /(^|\.)openai\.com$/.test(url.hostname) ? (openai ?? own) : (own ?? kept ?? openai);
}

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Another user's server: go on without.
    return undefined;
  }
}
