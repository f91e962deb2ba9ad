/** How the page gets in: a short-lived client secret, minted by the server for this page or against an API key. */
import { problem, ProblemError } from "./problems";

export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly server: ServerInfo;
}

/** What the server tells about itself, beside the secret; all of it may be missing. */
export interface ServerInfo {
  /** What thinks and speaks, for example `pipeline(pocketsphinx → offline → flite)`. */
  readonly engine: string | undefined;
  readonly voices: readonly string[] | undefined;
}

export interface SecretStore {
  get(): string | null;
  set(key: string | null): void;
}

const KEY_NAME = "antiphon-api-key";

/** The API key of this tab. Closing the tab forgets it. */
export const tabKeyStore: SecretStore = {
  get: () => sessionStorage.getItem(KEY_NAME),
  set: (key) => (key === null ? sessionStorage.removeItem(KEY_NAME) : sessionStorage.setItem(KEY_NAME, key)),
};

/** Moves a key out of `#key=…` into the tab's store, and out of the address bar and the history. */
export function takeKeyFromAddress(store: SecretStore): void {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return;
  if (key !== "") store.set(key);
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** Throws a ProblemError that the user can act on, or what `fetch` threw when the server is away. */
export async function mintSecret(store: SecretStore): Promise<ClientSecret> {
  const key = store.get();
  if (key === null) return mintForPage();
  const answer = await post("/v1/realtime/client_secrets", {
    headers: { authorization: `Bearer ${key}` },
    body: { session: { type: "realtime" } },
  });
  if (answer.status === 401 || answer.status === 403) {
    store.set(null);
    throw new ProblemError(problem("bad-key"));
  }
  return readSecret(answer);
}

async function mintForPage(): Promise<ClientSecret> {
  const answer = await post("/playground/token", { headers: {}, body: {} });
  // A server without this route (the library alone, mounted elsewhere) wants a key as well.
  if (answer.status === 404) throw new ProblemError(problem("needs-key"));
  if (answer.status === 401 || answer.status === 403) {
    throw new ProblemError(problem("needs-key", messageOf(await readJson(answer))));
  }
  return readSecret(answer);
}

function post(path: string, request: { headers: Record<string, string>; body: unknown }): Promise<Response> {
  const headers = { "content-type": "application/json", ...request.headers };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(request.body), cache: "no-store" });
}

async function readSecret(answer: Response): Promise<ClientSecret> {
  if (answer.status >= 500) throw new Error(`The server answered ${answer.status}.`);
  const body = await readJson(answer);
  if (!answer.ok)
    throw new ProblemError(problem("refused", messageOf(body) ?? `The server answered ${answer.status}.`));
  if (typeof body.value !== "string") throw new ProblemError(problem("refused", "The server sent no access token."));
  const expiresAt = typeof body.expires_at === "number" ? body.expires_at * 1000 : Date.now() + 60_000;
  return { value: body.value, expiresAt, server: readServerInfo(body.server) };
}

/** An empty object when the body is not a JSON object, as from a proxy's error page. */
async function readJson(answer: Response): Promise<Partial<Record<string, unknown>>> {
  const body: unknown = await answer.json().catch(() => undefined);
  return typeof body === "object" && body !== null ? body : {};
}

function messageOf(body: Partial<Record<string, unknown>>): string | undefined {
  const { error } = body;
  if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
  return typeof error.message === "string" ? error.message : undefined;
}

function readServerInfo(info: unknown): ServerInfo {
  if (typeof info !== "object" || info === null) return { engine: undefined, voices: undefined };
  const { engine, voices } = info as Partial<Record<string, unknown>>;
  return {
    engine: typeof engine === "string" ? engine : undefined,
    voices: Array.isArray(voices) ? voices.filter((voice) => typeof voice === "string") : undefined,
  };
}
