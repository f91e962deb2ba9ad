import { afterEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "./problems";
import { mintSecret, type SecretStore, takeKeyFromAddress } from "./secrets";

function memoryStore(key: string | null = null): SecretStore & { key: string | null } {
  return {
    key,
    get() {
      return this.key;
    },
    set(value) {
      this.key = value;
    },
  };
}

const calls: { path: string; authorization: string | null }[] = [];

function serve(answers: Record<string, () => Response>): void {
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    calls.push({ path, authorization: new Headers(init.headers).get("authorization") });
    const answer = answers[path];
    return answer === undefined ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(answer());
  });
}

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof ProblemError ? error.problem : error),
  );
const good = { value: "ek_1", expires_at: 2_000_000_000, session: {} };

afterEach(() => {
  calls.length = 0;
  vi.unstubAllGlobals();
});

describe("mintSecret", () => {
  it("gets in without a key where the server allows it, and reads what the server says of itself", async () => {
    serve({ "/playground/token": () => Response.json({ ...good, server: { engine: "flite", voices: ["awb", 3] } }) });
    expect(await mintSecret(memoryStore())).toEqual({
      value: "ek_1",
      expiresAt: 2_000_000_000_000,
      server: { engine: "flite", voices: ["awb"] },
    });
    expect(calls).toEqual([{ path: "/playground/token", authorization: null }]);
  });

  it("asks for a key in the server's words", async () => {
    serve({ "/playground/token": () => Response.json({ error: { message: "Enter an API key." } }, { status: 401 }) });
    expect(await problemOf(mintSecret(memoryStore()))).toMatchObject({
      code: "needs-key",
      detail: "Enter an API key.",
    });
  });

  it("asks for a key where there is no such route", async () => {
    serve({ "/playground/token": () => new Response("<h1>Not found</h1>", { status: 404 }) });
    expect(await problemOf(mintSecret(memoryStore()))).toMatchObject({ code: "needs-key" });
  });

  it("mints with the key of this tab, and forgets one that is wrong", async () => {
    const store = memoryStore("sk-mine");
    serve({ "/v1/realtime/client_secrets": () => Response.json(good) });
    expect((await mintSecret(store)).server).toEqual({ engine: undefined, voices: undefined });
    expect(calls).toEqual([{ path: "/v1/realtime/client_secrets", authorization: "Bearer sk-mine" }]);
    serve({ "/v1/realtime/client_secrets": () => Response.json({ error: {} }, { status: 401 }) });
    expect(await problemOf(mintSecret(store))).toMatchObject({ code: "bad-key" });
    expect(store.key).toBeNull();
  });

  it("leaves a server that is away, or in trouble, to be tried again", async () => {
    serve({});
    expect(await problemOf(mintSecret(memoryStore()))).toBeInstanceOf(TypeError);
    serve({ "/playground/token": () => new Response("starting", { status: 503 }) });
    expect(await problemOf(mintSecret(memoryStore()))).not.toHaveProperty("code");
  });

  it("says what a refusal was about, and that an answer without a secret is none", async () => {
    serve({ "/playground/token": () => Response.json({ error: { message: "Too many." } }, { status: 429 }) });
    expect(await problemOf(mintSecret(memoryStore()))).toMatchObject({ code: "refused", detail: "Too many." });
    serve({ "/playground/token": () => Response.json({}) });
    expect(await problemOf(mintSecret(memoryStore()))).toMatchObject({ code: "refused" });
  });
});

describe("takeKeyFromAddress", () => {
  const visit = (hash: string) => {
    const replaceState = vi.fn();
    vi.stubGlobal("location", { hash, pathname: "/", search: "?a=1" });
    vi.stubGlobal("history", { state: null, replaceState });
    const store = memoryStore();
    takeKeyFromAddress(store);
    return { store, replaceState };
  };

  it("keeps the key and removes it from the address", () => {
    const { store, replaceState } = visit("#key=sk-%41bc");
    expect(store.key).toBe("sk-Abc");
    expect(replaceState).toHaveBeenCalledWith(null, "", "/?a=1");
  });

  it("leaves other addresses alone", () => {
    const { store, replaceState } = visit("#section");
    expect(store.key).toBeNull();
    expect(replaceState).not.toHaveBeenCalled();
  });
});
