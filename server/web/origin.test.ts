import { describe, expect, it } from "vitest";
import { isAtThisMachine, isFromOurPage, isLoopbackAddress, type RequestFacts } from "./origin";

/** Both: somebody at this machine, on a page of ours. */
const isLocalPage = (facts: RequestFacts): boolean => isAtThisMachine(facts) && isFromOurPage(facts);

const local: RequestFacts = {
  peer: "127.0.0.1",
  encrypted: false,
  headers: { host: "localhost:3000", origin: "http://localhost:3000" },
};

describe("isAtThisMachine and isFromOurPage", () => {
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
