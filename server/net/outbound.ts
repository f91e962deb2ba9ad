/**
 * Requests to addresses that users entered: webhooks, MCP servers. A name is resolved and judged when the connection is
 * made, and the connection goes to the very address that was judged; a redirect is a new address, judged like the first.
 */
import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, fetch as undiciFetch } from "undici";
import { ALLOW_NOTHING, type OutboundAllow } from "../../lib/outbound-allow";
import { isAllowedHost, isReachable } from "./addresses";
import { cappedBody } from "./capped-body";
import { startClock } from "./clock";
import { OutboundError } from "./outbound-error";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export interface OutboundOptions {
  /** Hosts and networks inside that may be called. Default: none. */
  readonly allow?: OutboundAllow;
  /** Milliseconds for the whole exchange, body included; `Infinity` for streams. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds until the answer begins. Default: `timeoutMs`, at most 30,000. */
  readonly headersTimeoutMs?: number;
  /** Bytes of an answer's body, unpacked. Default: 10 MiB. */
  readonly maxBytes?: number;
  /** Redirects that are followed; one more is an error. Default: 0. */
  readonly maxRedirects?: number;
  /** All addresses of a name. Default: the system's resolver. */
  readonly lookup?: (host: string) => Promise<readonly ResolvedAddress[]>;
}

/** Like the global `fetch`, for URLs only. What is refused, too slow or too big is thrown as an OutboundError. */
export type OutboundFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface Outbound {
  readonly fetch: OutboundFetch;
  /** Throws an OutboundError for a URL that is refused before anything is asked. For forms: says so early. */
  check(url: string | URL): Promise<void>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

const MAX_WAIT_MS = 30_000;
const MAX_BYTES = 10 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What a redirect to another origin may still be told: nothing that could be a secret. */
const HARMLESS_HEADERS = ["accept", "accept-language", "content-type", "user-agent"];

export function createOutbound(options: OutboundOptions = {}): Outbound {
  const { allow = ALLOW_NOTHING, lookup = resolveAll } = options;
  const timeoutMs = options.timeoutMs ?? MAX_WAIT_MS;
  const limits = {
    timeoutMs,
    headersTimeoutMs: options.headersTimeoutMs ?? Math.min(timeoutMs, MAX_WAIT_MS),
    maxBytes: options.maxBytes ?? MAX_BYTES,
    maxRedirects: options.maxRedirects ?? 0,
  };
  const judged = judgedAddresses(allow, lookup);
  const agent = new Agent({ connect: { lookup: toLookupFunction(judged) }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    fetch: (url, init) => exchange({ url, init: init ?? {}, agent, allow, limits }),
    check: async (url) => {
      const target = requireTarget(url, allow);
      if (isIP(bare(target.hostname)) === 0) await judged(target.hostname);
    },
    close: () => agent.destroy(),
  };
}

interface Exchange {
  readonly url: string | URL;
  readonly init: RequestInit;
  readonly agent: Agent;
  readonly allow: OutboundAllow;
  readonly limits: Required<Pick<OutboundOptions, "timeoutMs" | "headersTimeoutMs" | "maxBytes" | "maxRedirects">>;
}

async function exchange({ url, init, agent, allow, limits }: Exchange): Promise<Response> {
  const clock = startClock(init.signal ?? undefined, limits);
  try {
    let target = requireTarget(url, allow);
    let request = { ...init, body: await wholeBody(init.body) };
    for (let redirects = 0; ; redirects++) {
      const answer = await undiciFetch(target, {
        ...request,
        redirect: "manual",
        dispatcher: agent,
        signal: clock.signal,
      } as Parameters<typeof undiciFetch>[1]);
      const location = REDIRECTS.has(answer.status) ? answer.headers.get("location") : null;
      if (location === null) return cappedBody(answer as unknown as Response, { maxBytes: limits.maxBytes, clock });
      await answer.body?.cancel();
      if (redirects >= limits.maxRedirects) throw new OutboundError("redirect", `${target.host} redirects elsewhere.`);
      const next = requireTarget(new URL(location, target), allow);
      request = redirected(request, { status: answer.status, sameOrigin: next.origin === target.origin });
      target = next;
    }
  } catch (error) {
    const timedOut = clock.timedOut;
    clock.stop();
    throw timedOut ?? toOutboundError(error, init.signal ?? undefined);
  }
}

// ---------------------------------------------------------------- where it goes

function requireTarget(url: string | URL, allow: OutboundAllow): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined) throw new OutboundError("refused", "This is no URL.");
  if (target.protocol !== "https:" && target.protocol !== "http:")
    throw new OutboundError("refused", "Only http and https URLs can be called.");
  if (target.username !== "" || target.password !== "")
    throw new OutboundError("refused", "A URL must not carry a user name or password.");
  const host = bare(target.hostname);
  if (isIP(host) !== 0 && !isAllowedHost(host, allow) && !isReachable(host, allow)) throw inside(host);
  return target;
}

type Judge = (host: string) => Promise<readonly ResolvedAddress[]>;

/** One address inside spoils them all: which of them is dialled is not ours to choose. */
function judgedAddresses(allow: OutboundAllow, lookup: Judge): Judge {
  return async (host) => {
    const addresses = await lookup(host).catch((cause: unknown) => {
      throw new OutboundError("unreachable", `The host ${host} could not be found.`, { cause });
    });
    if (addresses.length === 0) throw new OutboundError("unreachable", `The host ${host} could not be found.`);
    if (isAllowedHost(host, allow)) return addresses;
    if (!addresses.every(({ address }) => isReachable(address, allow))) throw inside(host);
    return addresses;
  };
}

function toLookupFunction(judged: Judge): LookupFunction {
  return (host, options, callback) => {
    judged(host).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first!.address, first!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

function inside(host: string): OutboundError {
  return new OutboundError(
    "refused",
    `The host ${host} lies in a private network, which this server does not call unless OUTBOUND_ALLOW names it.`,
  );
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function resolveAll(host: string): Promise<readonly ResolvedAddress[]> {
  return systemLookup(host, { all: true });
}

// ---------------------------------------------------------------- what is sent

type Whole = Omit<RequestInit, "body"> & { readonly body: string | Uint8Array | undefined };

/** Bodies are read first, so that a redirect can send them again. */
async function wholeBody(body: BodyInit | null | undefined): Promise<string | Uint8Array | undefined> {
  if (body === null || body === undefined || typeof body === "string") return body ?? undefined;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function redirected(request: Whole, { status, sameOrigin }: { status: number; sameOrigin: boolean }): Whole {
  const headers = new Headers(request.headers);
  if (!sameOrigin) for (const name of [...headers.keys()]) if (!HARMLESS_HEADERS.includes(name)) headers.delete(name);
  const method = (request.method ?? "GET").toUpperCase();
  const becomesGet = status === 303 ? method !== "HEAD" : (status === 301 || status === 302) && method === "POST";
  if (!becomesGet) return { ...request, headers };
  headers.delete("content-type");
  return { ...request, headers, method: "GET", body: undefined };
}

function toOutboundError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof OutboundError) return at;
  return new OutboundError("unreachable", "The server could not be reached.", { cause: error });
}
