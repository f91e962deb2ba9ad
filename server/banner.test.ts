import { describe, expect, it } from "vitest";
import { banner, type BannerFacts, localAuthority } from "./banner";
import { keyFile } from "./keys";

const facts: BannerFacts = {
  host: "127.0.0.1",
  port: 3000,
  tls: "generated",
  caFile: "/srv/antiphon/.data/tls/ca.pem",
  page: true,
  setupToken: undefined,
  keys: { keys: ["sk-ap-secret"], origin: { type: "generated", fresh: true, file: keyFile(".data") } },
  keeps: { database: "embedded", dataDir: ".data", redis: false },
  stages: [
    { stage: "stt", chosen: "pocketsphinx", reason: "found on this machine" },
    { stage: "llm", chosen: "offline", reason: "no Ollama on 127.0.0.1:11434" },
    { stage: "tts", chosen: "flite", reason: "built in" },
    { stage: "vad", chosen: "silero", reason: "built in" },
  ],
  models: ["antiphon", "gpt-realtime"],
  startMs: 1260,
};

describe("banner", () => {
  it("tells a first start everything", () => {
    expect(banner(facts)).toBe(`
antiphon is ready after 1.3 s.

  Open    http://localhost:3000/
  API     http://localhost:3000/v1 and https://localhost:3000/v1 (official SDKs dial wss:)
  Key     sk-ap-secret (shown this once; kept in .data/api-key)
  Keeps   an embedded PostgreSQL in .data
  Trust   NODE_EXTRA_CA_CERTS=/srv/antiphon/.data/tls/ca.pem makes Node clients trust https: and wss:
  Hears   pocketsphinx (found on this machine)
  Thinks  offline (no Ollama on 127.0.0.1:11434)
  Speaks  flite (built in)
  Listens silero (built in)
  Models  antiphon, gpt-realtime
`);
  });

  it("says where things are remembered, and what is lacking without", () => {
    const shared = { database: "postgresql", dataDir: ".data", redis: true } as const;
    expect(banner({ ...facts, keeps: shared })).toContain("Keeps   the PostgreSQL of DATABASE_URL, limits in Redis\n");
    expect(banner({ ...facts, keeps: undefined })).toContain("Keeps   nothing: these keys only, no recording");
  });

  it("never shows a key again, nor a configured one", () => {
    const kept = {
      keys: ["sk-ap-secret"],
      origin: { type: "generated", fresh: false, file: keyFile(".data") },
    } as const;
    const configured = { keys: ["sk-ap-secret", "sk-two"], origin: { type: "configured" } } as const;
    for (const host of ["127.0.0.1", "0.0.0.0"]) {
      expect(banner({ ...facts, host, keys: kept })).toContain("Key     kept in .data/api-key\n");
      expect(banner({ ...facts, host, keys: configured })).toContain("Key     2 from ANTIPHON_API_KEY\n");
      for (const keys of [kept, configured]) expect(banner({ ...facts, host, keys })).not.toContain("sk-");
    }
  });

  it("shows the link that makes the first owner, until there is one", () => {
    expect(banner({ ...facts, setupToken: "once" })).toContain(
      "Set up  http://localhost:3000/setup?token=once (makes the first owner; works once, for a day)\n",
    );
  });

  it("leaves out what is not there: the page, TLS, an authority of ours", () => {
    const text = banner({ ...facts, page: false, tls: "off", caFile: undefined });
    expect(text).not.toMatch(/Open|https|Trust/);
    expect(banner({ ...facts, tls: "own", caFile: undefined })).toMatch(/https:\/\/localhost:3000\/v1/);
  });

  it("says which names are passed on, and where to", () => {
    const passed = [{ model: "gpt-realtime", to: "relay(api.openai.com) | pipeline(a → b → c)" }];
    expect(banner({ ...facts, passed })).toContain(
      "Passes  gpt-realtime on to relay(api.openai.com) | pipeline(a → b → c)\n",
    );
  });

  it("shortens a long list of models", () => {
    const models = ["a", "b", "c", "d", "e", "f"];
    expect(banner({ ...facts, models })).toContain("Models  a, b, c, d and 2 more names\n");
  });
});

describe("localAuthority", () => {
  it.each([
    ["127.0.0.1", "localhost:1"],
    ["::1", "localhost:1"],
    ["0.0.0.0", "localhost:1"],
    ["::", "localhost:1"],
    ["10.0.0.7", "10.0.0.7:1"],
    ["fd00::7", "[fd00::7]:1"],
    ["voice.example", "voice.example:1"],
  ])("names a server on %s %s", (host, expected) => {
    expect(localAuthority({ host, port: 1 })).toBe(expected);
  });
});
