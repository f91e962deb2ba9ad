import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CliError } from "./errors";
import { findTarget, realtimeUrl } from "./target";

describe("realtimeUrl", () => {
  it.each([
    ["localhost:3000", "ws://localhost:3000/v1/realtime"],
    ["http://localhost:3000", "ws://localhost:3000/v1/realtime"],
    ["http://localhost:3000/", "ws://localhost:3000/v1/realtime"],
    ["https://voice.example", "wss://voice.example/v1/realtime"],
    ["https://api.openai.com/v1", "wss://api.openai.com/v1/realtime"],
    ["https://api.openai.com/v1/", "wss://api.openai.com/v1/realtime"],
    ["ws://[::1]:3000/v1/realtime", "ws://[::1]:3000/v1/realtime"],
    ["WSS://host/v1/realtime/", "wss://host/v1/realtime"],
    ["http://host/api", "ws://host/api/v1/realtime"],
    ["https://host/openai/realtime?api-version=1", "wss://host/openai/realtime?api-version=1"],
  ])("takes %s", (text, expected) => {
    const url = realtimeUrl(text);
    expect(url.searchParams.get("model")).toBe("gpt-realtime-2.1");
    url.searchParams.delete("model");
    expect(url.href).toBe(expected);
  });

  it("keeps the URL's model unless another one is asked for", () => {
    expect(realtimeUrl("ws://h/v1/realtime?model=a").search).toBe("?model=a");
    expect(realtimeUrl("ws://h/v1/realtime?model=a", "b").search).toBe("?model=b");
  });

  it.each(["ftp://host", "http://", "http://a b"])("refuses %s", (text) => {
    expect(() => realtimeUrl(text)).toThrow(CliError);
  });
});

describe("findTarget", () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), "antiphon-target-"));
  writeFileSync(join(DATA_DIR, "api-key"), "sk-kept\n");
  mkdirSync(join(DATA_DIR, "tls"));
  writeFileSync(join(DATA_DIR, "tls", "ca.pem"), "PEM");
  const both = { ANTIPHON_API_KEY: "sk-first,sk-second", OPENAI_API_KEY: "sk-openai" };

  it.each([
    ["what is asked for", { url: "http://localhost", key: "sk-asked" }, both, "sk-asked"],
    ["antiphon's configured key first", { url: "http://localhost" }, both, "sk-first"],
    ["the key that this machine's server keeps", {}, { OPENAI_API_KEY: "sk-openai" }, "sk-kept"],
    ["OpenAI's key for OpenAI", { url: "https://api.openai.com" }, both, "sk-openai"],
    ["antiphon's key for other hosts", { url: "https://voice.example" }, both, "sk-first"],
    [
      "OpenAI's key for other hosts when there is no other",
      { url: "https://voice.example" },
      { OPENAI_API_KEY: "sk-openai" },
      "sk-openai",
    ],
    ["no key when there is none", { url: "https://voice.example" }, {}, undefined],
  ])("uses %s", (_, options, env, key) => {
    expect(findTarget(options, { ...env, DATA_DIR }).key).toBe(key);
  });

  it("trusts this machine's authority on this machine only", () => {
    expect(findTarget({ url: "https://localhost:3000" }, { DATA_DIR }).ca).toBe("PEM");
    expect(findTarget({ url: "https://voice.example" }, { DATA_DIR }).ca).toBeUndefined();
  });

  it("finds the server of this folder by its port", () => {
    expect(findTarget({}, { PORT: "4000", DATA_DIR }).url.host).toBe("localhost:4000");
    expect(findTarget({}, { PORT: "", DATA_DIR }).url.host).toBe("localhost:3000");
  });
});
