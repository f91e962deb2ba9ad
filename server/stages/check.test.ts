/** The inventory of a server's providers, and what asking each of them says. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { type EnvSource, readEnv } from "../../lib/env";
import { openaiLanguageModel } from "../providers/openai";
import { scriptedVad } from "../realtime/testing/index";
import type { StageProvider } from "./inventory";
import type { Providers } from "./providers";
import { type ProviderScripts, scriptedProviders } from "./scripted-providers";
import { buildStages, type Stages } from "./stages";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

interface Setup {
  readonly source?: EnvSource;
  readonly scripts?: ProviderScripts;
  readonly providers?: Partial<Providers>;
}

async function listed({ source = {}, scripts, providers }: Setup): Promise<Stages["providers"]> {
  const stages = await buildStages(readEnv(source), { ...scriptedProviders(scripts), ...providers });
  opened.push(stages);
  return stages.providers;
}

const ask = (provider: StageProvider | undefined): Promise<string> =>
  provider?.check(AbortSignal.timeout(20_000)) ?? Promise.reject(new Error("There is no such provider."));
const of = (providers: Stages["providers"], stage: StageProvider["stage"]) =>
  providers.find((each) => each.stage === stage);

describe("the inventory", () => {
  it("lists each provider once, with the reason and all names that it answers for", async () => {
    const source = {
      REALTIME_MODELS: "antiphon,other,wild=tts:flite,far=relay:https://realtime.example/v1+model:gpt|stages",
    };
    const providers = await listed({ source });
    const facts = providers.map(({ id, stage, models }) => [id, stage, models]);
    const every = ["antiphon", "other", "wild", "far"];
    expect(facts).toEqual([
      ["vad-1", "vad", []],
      ["stt-1", "stt", every],
      ["llm-1", "llm", every],
      ["tts-1", "tts", expect.arrayContaining(["antiphon", "far"])],
      ["relay-1", "relay", ["far"]],
    ]);
    expect(providers.every(({ reason, name }) => /\w{3}/.test(reason) && name !== "")).toBe(true);
  });

  it("holds no key", async () => {
    const source = { OPENAI_API_KEY: "sk-hidden", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
    expect(JSON.stringify(await listed({ source }))).not.toContain("hidden");
  });
});

describe("asking", () => {
  it("says what came back of every stage", async () => {
    const providers = await listed({
      scripts: { llm: { reply: "Hi there." } },
      providers: { silero: async () => scriptedVad() },
    });
    expect(await ask(of(providers, "llm"))).toBe("It answered: “Hi there.”");
    expect(await ask(of(providers, "tts"))).toMatch(/^The voice alloy said “Hello.” in \d+\.\d s of audio\.$/);
    expect(await ask(of(providers, "stt"))).toMatch(/^It listened to a second of silence, and heard/);
    expect(await ask(of(providers, "vad"))).toMatch(/^In silence it hears speech with a probability of \d+ %\.$/);
  });

  it("really asks the endpoint, for little, and tells its refusal by kind without the key", async () => {
    const asked: { path: string; body: Record<string, unknown> }[] = [];
    const server = createServer((req, res) => {
      void (async () => {
        const body = JSON.parse((await req.toArray()).join("") || "{}") as Record<string, unknown>;
        asked.push({ path: req.url ?? "", body });
        res.writeHead(401, { "content-type": "application/json" });
        res.end(JSON.stringify({ error: { message: "Incorrect API key provided: sk-hidden-key." } }));
      })();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    opened.push({ close: () => server.close() });
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const providers = await listed({
      source: { LLM_BASE_URL: baseURL, LLM_MODEL: "tiny", LLM_API_KEY: "sk-hidden-key" },
      providers: { endpointLlm: (endpoint) => openaiLanguageModel(endpoint) },
    });
    const failed = await ask(of(providers, "llm")).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "invalid_api_key", message: "The llm provider refused its API key." });
    expect(String(failed)).not.toContain("hidden");
    expect(asked[0]).toMatchObject({ path: "/v1/chat/completions", body: { model: "tiny" } });
  });

  it("says what is missing where nobody does the work", async () => {
    const providers = await listed({
      providers: { find: async () => ({ pocketsphinx: false, whisper: false, ollama: undefined }) },
    });
    await expect(ask(of(providers, "stt"))).rejects.toMatchObject({ code: "not_configured" });
  });

  it("opens a session at a relay and closes it again, and tells where there is none", async () => {
    const wss = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(wss, "listening");
    opened.push({ close: () => (wss.clients.forEach((each) => each.terminate()), wss.close()) });
    const closed = new Promise((resolve) => wss.once("connection", (socket) => socket.once("close", resolve)));
    wss.on("connection", (socket) => {
      const session = { type: "realtime", id: "sess_1", object: "realtime.session", model: "gpt" };
      socket.send(JSON.stringify({ type: "session.created", event_id: "event_1", session }));
    });
    const there = `ws://127.0.0.1:${(wss.address() as AddressInfo).port}/v1/realtime`.replace("ws:", "http:");
    const source = { REALTIME_MODELS: `here=relay:${there}+model:gpt,gone=relay:http://127.0.0.1:1/v1` };
    const providers = await listed({ source });
    const [here, gone] = providers.filter(({ stage }) => stage === "relay");
    expect(await ask(here)).toBe("A session with gpt was opened there, and closed again.");
    await closed;
    await expect(ask(gone)).rejects.toMatchObject({ kind: "unreachable" });
  });
});
