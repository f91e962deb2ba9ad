/** An engine that is another server: one that speaks the Realtime API itself. */

export interface RelayOptions {
  /**
   * Where it is: `https://api.openai.com/v1`, `wss://…/v1/realtime`, or for Azure `https://NAME.openai.azure.com/openai/v1`
   * (or `…/openai/realtime?api-version=…&deployment=…`). `/realtime` is added where it is missing. It must speak the GA
   * shape of the protocol.
   */
  readonly url: string | URL;
  /** Sent as `Authorization: Bearer`, to Azure as `api-key`. Clients never see it. Default: none. */
  readonly apiKey?: string;
  /** What to ask there for (for Azure, the deployment). Default: the name that the client asked for. */
  readonly model?: string;
  /** Sent with the handshake, over those that are sent anyway. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For logs and banners. Default: `relay(HOST)`. */
  readonly name?: string;
  /** Voices to tell clients of. Default: none, and the other server judges what is asked for. */
  readonly voices?: readonly string[];
  /** Milliseconds that one attempt to connect may take, until the other server has greeted. Default: 10,000. */
  readonly connectTimeoutMs?: number;
  /** Attempts to connect, each after a longer pause, where trying again may help. Default: 3. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; each pause doubles, up to 2 s. Default: 200. */
  readonly retryDelayMs?: number;
  /** Milliseconds between pings; a server that was silent for a whole interval is given up. Default: 15,000. */
  readonly pingIntervalMs?: number;
}

export interface RelayEngine {
  readonly kind: "relay";
  readonly name: string;
  readonly voices: readonly string[] | undefined;
  readonly upstream: RelayUpstream;
  /** There is nothing to free; here so that engines can be closed alike. */
  close?(): Promise<void>;
}

/** How to reach the other server. */
export interface RelayUpstream {
  /** The name that it is asked for; undefined: the client's own. */
  readonly model: string | undefined;
  readonly connectTimeoutMs: number;
  readonly attempts: number;
  readonly retryDelayMs: number;
  readonly pingIntervalMs: number;
  /** The address of a session. */
  address(session: { readonly model: string; readonly transcription: boolean }): URL;
  headers(): Record<string, string>;
}

/**
 * Passes sessions on to a server that speaks the Realtime API itself, behind this server's own authentication, limits
 * and observers.
 *
 * @throws TypeError when the options cannot work.
 */
export function relay(options: RelayOptions): RelayEngine {
  const base = baseUrl(options.url);
  const azure = isAzure(base);
  const { apiKey, model, voices } = options;
  return {
    kind: "relay",
    name: options.name ?? `relay(${base.host})`,
    voices,
    upstream: {
      model,
      connectTimeoutMs: positive(options, "connectTimeoutMs", 10_000),
      attempts: positive(options, "attempts", 3),
      retryDelayMs: positive(options, "retryDelayMs", 200),
      pingIntervalMs: positive(options, "pingIntervalMs", 15_000),
      address: ({ model: asked, transcription }) => {
        const url = new URL(base);
        const parameter = url.pathname === AZURE_PREVIEW ? "deployment" : "model";
        // Who only listens names the recogniser in the session; a model in the URL would be refused.
        if (transcription) url.searchParams.set("intent", "transcription");
        else if (!url.searchParams.has(parameter)) url.searchParams.set(parameter, model ?? asked);
        return url;
      },
      headers: () => ({ ...keyHeader(apiKey, azure), ...options.headers }),
    },
  };
}

const AZURE_PREVIEW = "/openai/realtime";

function keyHeader(apiKey: string | undefined, azure: boolean): Record<string, string> {
  if (apiKey === undefined) return {};
  return azure ? { "api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
}

const SCHEMES: Readonly<Record<string, string>> = { "http:": "ws:", "https:": "wss:", "ws:": "ws:", "wss:": "wss:" };
const KEY_PARAMETERS = ["api-key", "api_key", "key", "access_token"];

function baseUrl(given: string | URL): URL {
  const shown = String(given);
  const url = URL.canParse(shown) ? new URL(shown) : undefined;
  const scheme = url && SCHEMES[url.protocol];
  if (url === undefined || scheme === undefined)
    throw new TypeError("`relay.url` must be a URL such as https://api.openai.com/v1 or wss://host/v1/realtime.");
  if (url.username !== "" || url.password !== "" || KEY_PARAMETERS.some((name) => url.searchParams.has(name)))
    throw new TypeError("`relay.url` must not hold a key, for URLs are logged. Use `apiKey`.");
  const path = url.pathname.replace(/\/+$/, "") || "/v1";
  const own = new URL(`${scheme}//${url.host}`);
  own.pathname = path.endsWith("/realtime") ? path : `${path}/realtime`;
  own.search = url.search;
  return own;
}

function isAzure(url: URL): boolean {
  return url.pathname.startsWith("/openai/") || /\.(openai|cognitiveservices)\.azure\.com$/.test(url.hostname);
}

type Number = "connectTimeoutMs" | "attempts" | "retryDelayMs" | "pingIntervalMs";

function positive(options: RelayOptions, name: Number, byDefault: number): number {
  const value = options[name] ?? byDefault;
  if (!(value > 0)) throw new TypeError(`\`relay.${name}\` must be a number above 0.`);
  return value;
}
