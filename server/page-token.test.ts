import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { BootstrapKeys } from "./keys";
import { createPageToken, isLocalPage, isLoopbackAddress, type RequestFacts } from "./page-token";

const local: RequestFacts = {
  peer: "127.0.0.1",
  encrypted: false,
  headers: { host: "localhost:3000", origin: "http://localhost:3000" },
};

describe("isLocalPage", () => {
  const own: [string, RequestFacts][] = [
    ["the page on localhost", local],
    ["the page over IPv6", { ...local, peer: "::1", headers: { host: "[::1]:3000", origin: "http://[::1]:3000" } }],
    ["an IPv4 peer on a dual socket", { ...local, peer: "::ffff:127.0.0.1" }],
    ["an address instead of the name", { ...local, headers: { host: "127.0.0.1", origin: "http://127.0.0.1" } }],
    ["TLS", { ...local, encrypted: true, headers: { host: "localhost:3000", origin: "https://localhost:3000" } }],
    ["a browser that says so", { ...local, headers: { ...local.headers, "sec-fetch-site": "same-origin" } }],
  ];
  it.each(own)("lets in %s", (_, facts) => {
    expect(isLocalPage(facts)).toBe(true);
  });

  const withHeaders = (headers: RequestFacts["headers"]): RequestFacts => ({
    ...local,
    headers: { ...local.headers, ...headers },
  });
  const foreign: [string, RequestFacts][] = [
    ["another machine", { ...local, peer: "192.168.1.20" }],
    ["a peer that is gone", { ...local, peer: undefined }],
    ["a rebound name", withHeaders({ host: "evil.example:3000", origin: "http://evil.example:3000" })],
    [
      "a name that only begins like ours",
      withHeaders({ host: "localhost.evil.example", origin: "http://localhost.evil.example" }),
    ],
    ["no host", withHeaders({ host: undefined })],
    ["no origin, as from curl", withHeaders({ origin: undefined })],
    ["an opaque origin", withHeaders({ origin: "null" })],
    ["another site", withHeaders({ origin: "https://evil.example" })],
    ["another port on this machine", withHeaders({ origin: "http://localhost:4000" })],
    ["another scheme", withHeaders({ origin: "https://localhost:3000" })],
    ["another loopback name", withHeaders({ origin: "http://127.0.0.1:3000" })],
    ["a cross-site fetch", withHeaders({ "sec-fetch-site": "cross-site" })],
    ["a proxy (x-forwarded-for)", withHeaders({ "x-forwarded-for": "203.0.113.7" })],
    ["a proxy (forwarded)", withHeaders({ forwarded: "for=203.0.113.7" })],
    ["a proxy (x-real-ip)", withHeaders({ "x-real-ip": "203.0.113.7" })],
    ["a proxy (via)", withHeaders({ via: "1.1 proxy" })],
    ["a tunnel", withHeaders({ "cf-connecting-ip": "203.0.113.7" })],
  ];
  it.each(foreign)("refuses %s", (_, facts) => {
    expect(isLocalPage(facts)).toBe(false);
  });
});

describe("isLoopbackAddress", () => {
  it.each(["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "localhost"])("knows %s", (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });
  it.each(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", undefined])("refuses %s", (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});

describe("POST /playground/token", () => {
  const generated: BootstrapKeys = { keys: ["sk-made"], origin: { type: "generated", fresh: false, file: "x" } };
  let stop = (): void => {};
  afterEach(() => stop());

  async function serve(keys: BootstrapKeys): Promise<{ url: string; minted: Request[] }> {
    const minted: Request[] = [];
    const handle = createPageToken({
      keys,
      server: { engine: "pipeline(a → b → c)", voices: ["awb"] },
      fetch: async (request) => {
        minted.push(request);
        return Response.json({ value: "ek_page" });
      },
    });
    const server = createServer((req, res) => void handle(req, res)).listen(0, "127.0.0.1");
    await once(server, "listening");
    stop = () => server.close();
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, minted };
  }

  it("gives the page a client secret, never the key", async () => {
    const { url, minted } = await serve(generated);
    const response = await fetch(url, { method: "POST", headers: { origin: url } });
    expect([response.status, await response.json()]).toEqual([
      200,
      { value: "ek_page", server: { engine: "pipeline(a → b → c)", voices: ["awb"] } },
    ]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(minted[0]?.headers.get("authorization")).toBe("Bearer sk-made");
    expect(new URL(minted[0]?.url ?? "").pathname).toBe("/v1/realtime/client_secrets");
  });

  it("asks everybody for the key when keys were configured", async () => {
    const { url, minted } = await serve({ keys: ["sk-own"], origin: { type: "configured" } });
    const response = await fetch(url, { method: "POST", headers: { origin: url } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: "key_required" } });
    expect(minted).toHaveLength(0);
  });

  it("asks for the key without the page's origin, and for POST", async () => {
    const { url, minted } = await serve(generated);
    expect((await fetch(url, { method: "POST" })).status).toBe(401);
    const get = await fetch(url);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    expect(minted).toHaveLength(0);
  });
});
