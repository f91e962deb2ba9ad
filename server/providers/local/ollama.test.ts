import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { findOllama } from "./ollama";

/** Milliseconds; for answers that do come, on however busy a machine. */
const PATIENT = 5_000;

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** Answers as Ollama does, at its own path only. */
const tags =
  (models: unknown): RequestListener =>
  (request, response) => {
    const found = request.url === "/api/tags" && request.method === "GET";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? { models } : { error: "not found" }));
  };

function model(name: string, size: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const family = name.split(/[\d:.-]/)[0];
  const details = { format: "gguf", family, families: [family], parameter_size: size, quantization_level: "Q4_K_M" };
  return { name, model: name, modified_at: "2026-08-01T10:00:00Z", size: 1e9, digest: "a2af6c", details, ...more };
}

describe("findOllama", () => {
  it("finds nothing where nothing listens", async () => {
    const baseUrl = await serve(() => undefined);
    await new Promise((resolve) => server!.close(resolve));
    expect(await findOllama(baseUrl)).toBeUndefined();
  });

  it("does not wait for a server that is silent", async () => {
    const baseUrl = await serve(() => undefined);
    const start = performance.now();
    expect(await findOllama(baseUrl)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it.each<[string, RequestListener]>([
    ["another server", (_, response) => void response.writeHead(404).end("no")],
    ["no JSON", (_, response) => void response.end("<html>")],
    ["other JSON", (_, response) => void response.end('{"object":"list"}')],
    ["null", (_, response) => void response.end("null")],
    ["a redirect", (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:9/" }).end()],
    ["half an answer", (_, response) => void response.writeHead(200, { "content-length": "99" }).write("{")],
  ])("takes %s for no Ollama", async (_, listener) => {
    expect(await findOllama(await serve(listener))).toBeUndefined();
  });

  it("finds an Ollama without a model", async () => {
    const baseUrl = await serve(tags([]));
    expect(await findOllama(baseUrl, PATIENT)).toEqual({ baseUrl, models: [] });
  });

  it.each(["/", "/v1", "/v1/"])("takes the base URL with %s at its end", async (end) => {
    const baseUrl = await serve(tags([model("gemma3:4b", "4.3B")]));
    expect(await findOllama(baseUrl + end, PATIENT)).toEqual({ baseUrl, models: ["gemma3:4b"] });
  });

  it("leaves out what cannot chat", async () => {
    const baseUrl = await serve(
      tags([
        model("nomic-embed-text:latest", "137M"),
        model("all-minilm:latest", "23M", { details: { family: "bert", families: ["bert"], parameter_size: "23M" } }),
        model("painter:latest", "8B", { capabilities: ["image"] }),
        model("embeddinggemma:latest", "308M", { capabilities: ["embedding"] }),
        model("llama3.2:latest", "3.2B", { capabilities: ["completion", "tools"] }),
        { size: 3 },
        null,
        "x",
      ]),
    );
    expect((await findOllama(baseUrl, PATIENT))?.models).toEqual(["llama3.2:latest"]);
  });

  it("puts the model first that is best for conversation", async () => {
    const able = { capabilities: ["completion", "tools"] };
    const baseUrl = await serve(
      tags([
        model("gpt-oss:120b-cloud", "117B", { ...able, remote_host: "https://ollama.com:443" }),
        model("llama3.3:70b", "70.6B", able),
        model("gemma3:4b", "4.3B", { capabilities: ["completion", "vision"] }),
        model("smollm2:135m", "135M", able),
        model("llama3.2:latest", "3.2B", able),
        model("qwen3:8b", "8.2B", able),
      ]),
    );
    expect((await findOllama(baseUrl, PATIENT))?.models).toEqual([
      "qwen3:8b",
      "llama3.2:latest",
      "smollm2:135m",
      "llama3.3:70b",
      "gemma3:4b",
      "gpt-oss:120b-cloud",
    ]);
  });

  it("orders by size when an older version tells nothing else", async () => {
    const baseUrl = await serve(
      tags([model("tiny:latest", "1.1B"), model("odd:latest", ""), model("mistral:7b", "7.2B")]),
    );
    expect((await findOllama(baseUrl, PATIENT))?.models).toEqual(["mistral:7b", "tiny:latest", "odd:latest"]);
  });
});
