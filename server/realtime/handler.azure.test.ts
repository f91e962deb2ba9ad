import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { apiKeys, type AuthRequest } from "./door/auth";
import type { RealtimeHandlerOptions } from "./options";
import { dial, recordingObserver, serve, testHandler, textTurn } from "./conformance/test-support";

const KEY = "sk-azure-0123456789abcdef";
const V1 = "/openai/v1/realtime?model=antiphon";
const DATED = "/openai/realtime?deployment=antiphon&api-version=";

const withKey = (options: Partial<RealtimeHandlerOptions> = {}) =>
  serve(testHandler({ authenticate: apiKeys([KEY]), ...options }));

interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly error: { readonly code: string | null; readonly message: string } };
}

/** What an upgrade is answered with when it stays HTTP. */
function refused(host: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: "upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const asked = request(`http://${host}${path}`, { headers: { ...upgrade, ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () => resolve({ status: response.statusCode, body: JSON.parse(text) as Answer["body"] }));
    });
    asked.on("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("It was let in."));
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("Azure's paths", () => {
  it.each<[string, string, Record<string, string>]>([
    ["its header", V1, { "api-key": KEY }],
    ["its query", `${V1}&api-key=${KEY}`, {}],
    ["a bearer token", V1, { authorization: `Bearer ${KEY}` }],
    ["a deployment's name", "/openai/v1/realtime?deployment=antiphon", { "api-key": KEY }],
    ["a GA version", `${DATED}2025-08-28`, { "api-key": KEY }],
  ])("speak GA with a key in %s", async (_where, path, headers) => {
    const client = await dial(await withKey(), { path, headers });
    expect((await client.next("session.created")).session).toMatchObject({ type: "realtime", model: "antiphon" });
    expect(await textTurn(client)).not.toBe("");
  });

  it("speak the beta dialect with a preview version", async () => {
    const client = await dial(await withKey(), { path: `${DATED}2025-04-01-preview`, headers: { "api-key": KEY } });
    await client.next("conversation.created");
    expect(client.events[0]).toMatchObject({ type: "session.created", session: { input_audio_format: "pcm16" } });
  });

  it.each<[string, string, Record<string, string>, number, string | null]>([
    ["no key", V1, {}, 401, null],
    ["a wrong key", V1, { "api-key": "sk-wrong-0123456789" }, 401, "invalid_api_key"],
    ["a wrong key in the URL", `${V1}&api-key=sk-wrong-0123456789`, {}, 401, "invalid_api_key"],
    ["an unknown deployment", "/openai/v1/realtime?model=mine", { "api-key": KEY }, 404, "DeploymentNotFound"],
    ["no deployment", "/openai/v1/realtime", { "api-key": KEY }, 400, "missing_model"],
    ["no version at all", `${DATED}newest`, { "api-key": KEY }, 400, "unsupported_api_version"],
    ["an unknown place", "/openai/v1/realtime/nowhere", { "api-key": KEY }, 404, "unknown_url"],
  ])("answer %s with HTTP, before there is a WebSocket", async (_what, path, headers, status, code) => {
    expect(await refused(await withKey(), path, headers)).toMatchObject({ status, body: { error: { code } } });
  });

  it("do not wait for a client that left while its key was checked, nor fall over it", async () => {
    let asked = 0;
    const host = await withKey({
      authenticate: ({ signal }) => {
        asked += 1;
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null)));
      },
    });
    const leaving = refused(host, V1, { "api-key": KEY });
    leaving.catch(() => undefined);
    await expect.poll(() => asked).toBe(1);
    const gone = request(`http://${host}${V1}`, {
      headers: {
        connection: "upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    gone.on("error", () => undefined);
    gone.end();
    await expect.poll(() => asked).toBe(2);
    gone.destroy();
    expect((await fetch(`http://${host}/v1/models`, { method: "OPTIONS" })).status).toBe(204);
  });

  it("answer REST, and only their own places", async () => {
    const host = await withKey();
    const mint = (path: string) =>
      fetch(`http://${host}${path}`, {
        method: "POST",
        headers: { "api-key": KEY, "content-type": "application/json" },
        body: "{}",
      });
    for (const path of ["/openai/v1/realtime/client_secrets", "/openai/realtime/client_secrets?api-version=v1"]) {
      const response = await mint(path);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ value: expect.stringMatching(/^ek_/) as string });
    }
    expect((await mint("/openai/v1/chat/completions")).status).toBe(404);
  });

  it("are not there when they are not wanted", async () => {
    const host = await withKey({ azure: false });
    expect((await refused(host, V1, { "api-key": KEY })).status).toBe(404);
  });

  it("lie in front of the base path", async () => {
    const host = await withKey({ basePath: "/api/v1/realtime" });
    const client = await dial(host, { path: `/api${V1}`, headers: { "api-key": KEY } });
    await client.next("session.created");
  });
});

describe("a key in a URL", () => {
  async function secretOf(host: string): Promise<string> {
    const response = await fetch(`http://${host}/v1/realtime/client_secrets`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}` },
    });
    return ((await response.json()) as { value: string }).value;
  }

  it("may be a client secret as access_token", async () => {
    const host = await withKey();
    const secret = await secretOf(host);
    const client = await dial(host, { path: `/v1/realtime?model=antiphon&access_token=${secret}` });
    await client.next("session.created");
  });

  it("may not be an API key as access_token, nor as api-key outside of Azure's paths", async () => {
    const host = await withKey();
    const token = await dial(host, { path: `/v1/realtime?model=antiphon&access_token=${KEY}` });
    expect((await token.next("error")).error).toMatchObject({ code: "invalid_api_key", param: "access_token" });
    expect(await token.closed).toMatchObject({ code: 3000 });
    const apiKey = await dial(host, { path: `/v1/realtime?model=antiphon&api-key=${KEY}` });
    expect((await apiKey.next("error")).error.message).toContain("Missing bearer");
  });

  it("is seen by nobody: not by authenticate's URL, observers, logs or faults", async () => {
    const seen: unknown[] = [];
    const observer = recordingObserver();
    const log = (...entry: unknown[]): void => void seen.push(entry);
    const host = await withKey({
      authenticate: (asked: AuthRequest) => {
        seen.push(asked.url.href);
        if (asked.key === "sk-thrown-0123456789") throw new Error("The key cannot be checked.");
        return asked.key === KEY ? { tenant: "t" } : null;
      },
      observers: [observer],
      logger: { debug: log, info: log, warn: log, error: log },
      onError: log,
    });
    const client = await dial(host, { path: `${V1}&api-key=${KEY}` });
    await client.next("session.created");
    await refused(host, `${V1}&api-key=sk-thrown-0123456789`);
    await refused(host, `${V1}&api-key=sk-wrong-0123456789&access_token=ek_wrong`);
    expect(seen.length).toBeGreaterThan(3);
    const everything = JSON.stringify([seen, observer.seen]);
    expect(everything).toContain("api-key=redacted");
    for (const key of [KEY, "sk-thrown", "sk-wrong", "ek_wrong"]) expect(everything).not.toContain(key);
  });
});
