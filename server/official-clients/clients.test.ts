/**
 * The `openai` package as it ships, versions 6 and 7, each of its realtime clients against one server in a process of its
 * own: only the address differs from its documentation.
 */
import { Validator } from "@seriousme/openapi-schema-validator";
import OpenAI6, { AzureOpenAI as AzureOpenAI6 } from "openai";
import { OpenAIRealtimeWS as Beta6 } from "openai/beta/realtime/ws";
import { OpenAIRealtimeWS as Realtime6 } from "openai/realtime/ws";
import OpenAI7, { AzureOpenAI as AzureOpenAI7 } from "openai-latest";
import { OpenAIRealtimeWS as Beta7 } from "openai-latest/beta/realtime/ws";
import { OpenAIRealtimeWebSocket as BetaBrowser7 } from "openai-latest/beta/realtime/websocket";
import { OpenAIRealtimeWebSocket as Browser7 } from "openai-latest/realtime/websocket";
import { OpenAIRealtimeTranslationWS } from "openai-latest/realtime/translations/ws";
import { OpenAIRealtimeWS as Realtime7 } from "openai-latest/realtime/ws";
import { OpenAIRealtimeWebSocket as Browser6 } from "openai/realtime/websocket";
import { Agent, getGlobalDispatcher, setGlobalDispatcher, WebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ReferenceClient } from "../realtime/conformance/reference-client";
import { checkBetaEvent } from "../realtime/protocol/beta/server-events";
import { checkServerEvent } from "../realtime/protocol/server-events";
import { tone } from "../realtime/testing";
import { EventLog, type Emitter, type WireEvent } from "./event-log";
import {
  betaFunctionCall,
  betaSpokenTurn,
  betaTextTurn,
  gaFunctionCall,
  gaSpokenTurn,
  gaTextTurn,
  transcribed,
} from "./event-orders";
import { startedServer, type StartedServer } from "./started-server";

const server = startedServer();

/** The browser's classes take the WebSocket of the place they run in, which Node 20 does not have. */
const browserLike: { dispatcher?: ReturnType<typeof getGlobalDispatcher>; had?: unknown } = {};
beforeAll(() => {
  browserLike.dispatcher = getGlobalDispatcher();
  browserLike.had = Reflect.get(globalThis, "WebSocket");
  Reflect.set(globalThis, "WebSocket", WebSocket);
  setGlobalDispatcher(new Agent({ connect: { ca: server.current.ca } }));
});
afterAll(() => {
  if (browserLike.dispatcher) setGlobalDispatcher(browserLike.dispatcher);
  Reflect.set(globalThis, "WebSocket", browserLike.had);
});

const baseURL = ({ host }: StartedServer) => `http://${host}/v1`;
const sdk6 = (at: StartedServer, apiKey = at.key) => new OpenAI6({ apiKey, baseURL: baseURL(at), maxRetries: 0 });
const sdk7 = (at: StartedServer, apiKey = at.key) => new OpenAI7({ apiKey, baseURL: baseURL(at), maxRetries: 0 });
/** Its client for translation insists on an address that says so. */
const secure7 = ({ host, key }: StartedServer, apiKey = key) =>
  new OpenAI7({ apiKey, baseURL: `https://${host}/v1`, maxRetries: 0 });
const azure6 = ({ host, key }: StartedServer, apiVersion: string) =>
  new AzureOpenAI6({ apiKey: key, endpoint: `http://${host}`, apiVersion, deployment: "gpt-realtime" });
const azure7 = ({ host, key }: StartedServer, apiVersion: string) =>
  new AzureOpenAI7({ apiKey: key, endpoint: `http://${host}`, apiVersion, deployment: "gpt-realtime" });
const model = "gpt-realtime";
const options = ({ ca }: StartedServer) => ({ ca });
const PREVIEW = "2025-04-01-preview";

type Open = (at: StartedServer) => Emitter | Promise<Emitter>;

const gaClients: [string, Open][] = [
  ["openai 6, OpenAIRealtimeWS", (at) => new Realtime6({ model, options: options(at) }, sdk6(at))],
  ["openai 7, OpenAIRealtimeWS", (at) => new Realtime7({ model, options: options(at) }, sdk7(at))],
  ["openai 6, OpenAIRealtimeWebSocket", (at) => new Browser6({ model, dangerouslyAllowBrowser: true }, sdk6(at))],
  ["openai 7, OpenAIRealtimeWebSocket", (at) => new Browser7({ model, dangerouslyAllowBrowser: true }, sdk7(at))],
  ["openai 6, AzureOpenAI", (at) => Realtime6.azure(azure6(at, "2025-08-28"), { options: options(at) })],
  ["openai 7, AzureOpenAI", (at) => Realtime7.azure(azure7(at, "2025-08-28"), { options: options(at) })],
  ["openai 7, AzureOpenAI in a browser's class", (at) => Browser7.azure(azure7(at, "2025-08-28"))],
];

const betaClients: [string, Open][] = [
  ["openai 6, beta OpenAIRealtimeWS", (at) => new Beta6({ model, options: options(at) }, sdk6(at))],
  ["openai 7, beta OpenAIRealtimeWS", (at) => new Beta7({ model, options: options(at) }, sdk7(at))],
  [
    "openai 7, beta OpenAIRealtimeWebSocket",
    (at) => new BetaBrowser7({ model, dangerouslyAllowBrowser: true }, sdk7(at)),
  ],
  ["openai 6, beta AzureOpenAI", (at) => Beta6.azure(azure6(at, PREVIEW), { options: options(at) })],
  ["openai 7, beta AzureOpenAI", (at) => Beta7.azure(azure7(at, PREVIEW), { options: options(at) })],
];

async function connect(open: Open): Promise<EventLog> {
  const client = await open(server.current);
  onTestFinished(() => client.close());
  return new EventLog(client);
}

function speak(log: EventLog): void {
  for (const { samples } of [tone({ ms: 600 }), tone({ ms: 1_000, amplitude: 0 })]) {
    log.send({ type: "input_audio_buffer.append", audio: Buffer.from(samples.buffer).toString("base64") });
  }
}

/** The turn, and the words of it that come beside. */
function spokenOrder(log: EventLog): [string[], string[]] {
  const isOfWords = (type: string): boolean => type.includes("input_audio_transcription");
  const turn = log.order("input_audio_buffer.speech_started").filter((type) => !isOfWords(type));
  const [item] = transcribed;
  return [turn, log.order(item ?? "").filter(isOfWords)];
}

const question = {
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [{ type: "input_text", text: "What time is it?" }] },
};
const clock = { type: "function", name: "clock", parameters: { type: "object", properties: {} } };

describe.each(gaClients)("GA: %s", (_name, open) => {
  const check = (log: EventLog) => {
    for (const event of log.events) expect(checkServerEvent(event), JSON.stringify(event)).toBeNull();
    expect(log.errors).toEqual([]);
  };

  it("holds a text conversation, in the recorded order", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
    await log.next("session.updated");
    log.send(question);
    log.send({ type: "response.create" });
    expect((await log.next("response.output_text.done"))["text"]).toBe("It is noon.");
    await log.next("rate_limits.updated");
    expect(log.order("conversation.item.added")).toEqual(gaTextTurn);
    check(log);
  });

  it("speaks and is answered aloud, in the recorded order", async () => {
    const log = await connect(open);
    await log.next("session.created");
    const transcription = { model: "whisper-1" };
    log.send({ type: "session.update", session: { type: "realtime", audio: { input: { transcription } } } });
    await log.next("session.updated");
    speak(log);
    await log.next("rate_limits.updated");
    expect(spokenOrder(log)).toEqual([gaSpokenTurn, transcribed]);
    check(log);
  });

  it("calls a function, in the recorded order, and hears what follows", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"], tools: [clock] } });
    await log.next("session.updated");
    log.send({ type: "response.create" });
    const call = await log.next("response.function_call_arguments.done");
    expect(call).toMatchObject({ name: "clock", arguments: '{"zone":"utc"}' });
    await log.next("rate_limits.updated");
    expect(log.order("response.created")).toEqual(gaFunctionCall);
    log.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: call["call_id"], output: "12:00" },
    });
    log.send({ type: "response.create" });
    expect((await log.next("response.output_text.done"))["text"]).toBe("It is 12:00.");
    check(log);
  });

  it("is told what was wrong with what it said", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "response.cancel", event_id: "mine" });
    await expect.poll(() => log.errors.length).toBe(1);
    expect(log.errors[0]).toMatchObject({ error: { code: "response_cancel_not_active", event_id: "mine" } });
  });
});

describe.each(betaClients)("beta: %s", (_name, open) => {
  const check = (log: EventLog) => {
    const reference = new ReferenceClient();
    for (const event of log.events) {
      expect(checkBetaEvent(event), JSON.stringify(event)).toBeNull();
      reference.take(event);
    }
    expect(log.errors).toEqual([]);
    return reference;
  };

  it("holds a text conversation, in the recorded order", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", session: { modalities: ["text"], temperature: 0.7 } });
    expect((await log.next("session.updated"))["session"]).toMatchObject({ modalities: ["text"], temperature: 0.7 });
    log.send(question);
    log.send({ type: "response.create" });
    expect((await log.next("response.text.done"))["text"]).toBe("It is noon.");
    await log.next("rate_limits.updated");
    expect(log.order("conversation.item.created")).toEqual(betaTextTurn);
    expect(check(log).items.at(-1)?.content[0]?.text).toBe("It is noon.");
  });

  it("speaks and is answered aloud, in the recorded order", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", session: { input_audio_transcription: { model: "whisper-1" } } });
    await log.next("session.updated");
    speak(log);
    await log.next("rate_limits.updated");
    expect(spokenOrder(log)).toEqual([betaSpokenTurn, transcribed]);
    expect(check(log).items.at(-1)?.content[0]?.transcript).toBe("It is noon.");
  });

  it("calls a function, in the recorded order", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", session: { modalities: ["text"], tools: [clock] } });
    await log.next("session.updated");
    log.send({ type: "response.create" });
    await log.next("rate_limits.updated");
    expect(log.order("response.created")).toEqual(betaFunctionCall);
    expect(check(log).items.at(-1)?.arguments).toBe('{"zone":"utc"}');
  });

  it("is told what was wrong with what it said, in its own words", async () => {
    const log = await connect(open);
    await log.next("session.created");
    log.send({ type: "session.update", event_id: "mine", session: { input_audio_format: "mp3" } });
    await expect.poll(() => log.errors.length).toBe(1);
    expect(log.errors[0]).toMatchObject({ error: { param: "session.input_audio_format", event_id: "mine" } });
  });
});

describe("translation: openai 7, OpenAIRealtimeTranslationWS", () => {
  it("tells what was said, what it means, and closes when all of it is told", async () => {
    const client = await OpenAIRealtimeTranslationWS.create(secure7(server.current), {
      model,
      options: options(server.current),
    });
    onTestFinished(() => client.close());
    const events: { type: string; delta?: string }[] = [];
    const errors: Error[] = [];
    client.on("event", (event) => events.push(event));
    client.on("error", (error) => errors.push(error));
    await expect.poll(() => events.map(({ type }) => type)).toContain("session.created");
    client.send({
      type: "session.update",
      session: { audio: { input: { transcription: { model: "gpt-realtime-whisper" } }, output: { language: "de" } } },
    });
    for (const { samples } of [tone({ ms: 600 }), tone({ ms: 1_000, amplitude: 0 })]) {
      const audio = Buffer.from(samples.buffer).toString("base64");
      client.send({ type: "session.input_audio_buffer.append", audio });
    }
    await client.finish({ timeoutMs: 10_000 });
    const told = (type: string) => events.map((event) => (event.type === type ? (event.delta ?? "") : "")).join("");
    expect(told("session.input_transcript.delta")).toContain("what time is it");
    expect(told("session.output_transcript.delta")).toContain("noon");
    expect(told("session.output_audio.delta").length).toBeGreaterThan(100);
    expect(events.at(-1)?.type).toBe("session.closed");
    expect(errors).toEqual([]);
  });

  it("has client secrets of its own", async () => {
    const made = await sdk7(server.current).realtime.translations.clientSecrets.create({
      session: { model, audio: { output: { language: "de" } } },
    });
    expect(made.value).toMatch(/^ek_/);
    const client = await OpenAIRealtimeTranslationWS.create(secure7(server.current, made.value), {
      model,
      options: options(server.current),
    });
    onTestFinished(() => client.close());
    const events: object[] = [];
    client.on("event", (event) => events.push(event));
    client.on("error", (error) => events.push(error));
    await expect.poll(() => events).toMatchObject([{ type: "session.created" }]);
  });
});

describe("keys for browsers", () => {
  it.each<[string, () => Promise<{ secret: string; open: (secret: string) => Emitter; greeting: string }>]>([
    [
      "openai 7, realtime.clientSecrets",
      async () => {
        const made = await sdk7(server.current).realtime.clientSecrets.create({
          session: { type: "realtime", model, instructions: "From the secret." },
        });
        return {
          secret: made.value,
          greeting: "session.created",
          open: (secret) => new Browser7({ model }, sdk7(server.current, secret)),
        };
      },
    ],
    [
      "openai 6, realtime.clientSecrets",
      async () => {
        const made = await sdk6(server.current).realtime.clientSecrets.create({
          session: { type: "realtime", model, instructions: "From the secret." },
        });
        return {
          secret: made.value,
          greeting: "session.created",
          open: (secret) => new Browser6({ model }, sdk6(server.current, secret)),
        };
      },
    ],
    [
      "openai 7, beta.realtime.sessions",
      async () => {
        const made = await sdk7(server.current).beta.realtime.sessions.create({ instructions: "From the secret." });
        return {
          secret: made.client_secret.value,
          greeting: "session.created",
          open: (secret) => new BetaBrowser7({ model: "antiphon" }, sdk7(server.current, secret)),
        };
      },
    ],
    [
      "openai 6, beta.realtime.sessions",
      async () => {
        const made = await sdk6(server.current).beta.realtime.sessions.create({ instructions: "From the secret." });
        return {
          secret: made.client_secret.value,
          greeting: "session.created",
          open: (secret) =>
            new Beta6({ model: "antiphon", options: options(server.current) }, sdk6(server.current, secret)),
        };
      },
    ],
    [
      "openai 7, beta.realtime.sessions of AzureOpenAI",
      async () => {
        const client = azure7(server.current, PREVIEW);
        const made = await client.beta.realtime.sessions.create({ instructions: "From the secret." });
        return {
          secret: made.client_secret.value,
          greeting: "session.created",
          open: (secret) => new BetaBrowser7({ model: "antiphon" }, sdk7(server.current, secret)),
        };
      },
    ],
    [
      "openai 7, AzureOpenAI",
      async () => {
        const made = await azure7(server.current, "2025-08-28").realtime.clientSecrets.create({
          session: { type: "realtime", model, instructions: "From the secret." },
        });
        return {
          secret: made.value,
          greeting: "session.created",
          open: (secret) => new Browser7({ model }, sdk7(server.current, secret)),
        };
      },
    ],
  ])("%s", async (_name, mint) => {
    const { secret, open, greeting } = await mint();
    expect(secret).toMatch(/^ek_/);
    const log = await connect(() => open(secret));
    expect((await log.next(greeting))["session"]).toMatchObject({ instructions: "From the secret." });
  });
});

describe("the documents of the running server", () => {
  it("validate, and are there without a key", async () => {
    const get = async (path: string) => (await fetch(`http://${server.current.host}${path}`)).json() as Promise<object>;
    const result = await new Validator().validate({ ...(await get("/openapi.json")) });
    expect(result.errors ?? []).toEqual([]);
    expect(await get("/asyncapi.json")).toMatchObject({ asyncapi: "3.0.0" });
  });
});

describe("what cannot be", () => {
  it("a wrong key is told by an error event, and by HTTP on Azure's paths", async () => {
    const wrong = await connect((at) => new Realtime7({ model, options: options(at) }, sdk7(at, "sk-wrong")));
    await expect.poll(() => wrong.errors.length).toBeGreaterThan(0);
    expect(wrong.errors[0]).toMatchObject({ error: { code: "invalid_api_key" } });
    const azure = await connect((at) =>
      Realtime7.azure(azure7({ ...at, key: "sk-wrong" }, "2025-08-28"), { options: options(at) }),
    );
    await expect.poll(() => azure.errors.map(({ message }) => message).join()).toContain("401");
  });

  it("an unknown model", async () => {
    const log = await connect((at) => new Realtime7({ model: "gpt-none", options: options(at) }, sdk7(at)));
    await expect.poll(() => log.errors.length).toBeGreaterThan(0);
    expect(log.errors[0]).toMatchObject({ error: { code: "invalid_model" } });
  });

  it("a transcription session listens, and refuses to answer", async () => {
    const log = await connect((at) => new Realtime7({ intent: "transcription", options: options(at) }, sdk7(at)));
    expect((await log.next("session.created"))["session"]).toMatchObject({ type: "transcription" });
    speak(log);
    expect((await log.next("conversation.item.input_audio_transcription.completed"))["transcript"]).toBe(
      "what time is it",
    );
    log.send({ type: "session.update", event_id: "wrong", session: { type: "realtime" } });
    await expect.poll(() => log.errors.length).toBe(1);
    expect(log.errors[0]).toMatchObject({ error: { event_id: "wrong" } });
    expect(log.events.some(({ type }: WireEvent) => type.startsWith("response."))).toBe(false);
  });
});
