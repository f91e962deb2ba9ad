import { describe, expect, it } from "vitest";
import { relay, type RelayOptions } from "./relay";

const asked = (options: RelayOptions, transcription = false): string =>
  relay(options).upstream.address({ model: "gpt-realtime", transcription }).href;

describe("where a relay dials", () => {
  const table: [string, Partial<RelayOptions>, string][] = [
    ["https://api.openai.com/v1", {}, "wss://api.openai.com/v1/realtime?model=gpt-realtime"],
    ["https://api.openai.com/v1/", { model: "own" }, "wss://api.openai.com/v1/realtime?model=own"],
    ["wss://api.openai.com/v1/realtime?model=fixed", {}, "wss://api.openai.com/v1/realtime?model=fixed"],
    ["http://127.0.0.1:3000", {}, "ws://127.0.0.1:3000/v1/realtime?model=gpt-realtime"],
    ["ws://host/prefix/realtime/", {}, "ws://host/prefix/realtime?model=gpt-realtime"],
    ["https://x.openai.azure.com/openai/v1", {}, "wss://x.openai.azure.com/openai/v1/realtime?model=gpt-realtime"],
    [
      "https://x.openai.azure.com/openai/realtime?api-version=2025-04-01-preview",
      { model: "mine" },
      "wss://x.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=mine",
    ],
    [
      "https://x.openai.azure.com/openai/realtime?api-version=1&deployment=d",
      {},
      "wss://x.openai.azure.com/openai/realtime?api-version=1&deployment=d",
    ],
  ];
  it.each(table)("%s %j", (url, options, expected) => expect(asked({ url, ...options })).toBe(expected));

  it("asks for a transcription session without a model", () => {
    expect(asked({ url: "https://api.openai.com/v1" }, true)).toBe(
      "wss://api.openai.com/v1/realtime?intent=transcription",
    );
  });

  it("sends the key as each of them wants it", () => {
    const headers = (url: string, more: Partial<RelayOptions> = {}) =>
      relay({ url, apiKey: "k", ...more }).upstream.headers();
    expect(headers("https://api.openai.com/v1")).toEqual({ authorization: "Bearer k" });
    expect(headers("https://x.openai.azure.com/openai/v1")).toEqual({ "api-key": "k" });
    expect(headers("https://api.openai.com/v1", { headers: { "openai-project": "p" } })).toEqual({
      authorization: "Bearer k",
      "openai-project": "p",
    });
    expect(relay({ url: "ws://host" }).upstream.headers()).toEqual({});
  });

  it.each([
    ["not a url", /must be a URL such as/],
    ["ftp://host/v1", /must be a URL such as/],
    ["wss://user:pw@host/v1", /must not hold a key/],
    ["https://x.openai.azure.com/openai/realtime?api-key=secret", /must not hold a key/],
  ])("refuses %s", (url, message) => {
    expect(() => relay({ url })).toThrow(message);
    expect(() => relay({ url })).not.toThrow(/secret|pw@/);
  });

  it("refuses numbers that cannot work, and keeps the key out of its name", () => {
    expect(() => relay({ url: "ws://host", attempts: 0 })).toThrow(/relay.attempts/);
    expect(relay({ url: "wss://host:8/v1?x=1", apiKey: "secret" }).name).toBe("relay(host:8)");
  });
});
