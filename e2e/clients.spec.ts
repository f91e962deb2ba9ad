/**
 * Clients as they ship against `npm start`: the browser's own WebSocket and the `openai` package's class in Chromium, the
 * others in Node. The server's built-in responder answers.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from "@openai/agents-realtime";
import OpenAI6 from "openai";
import { OpenAIRealtimeWS as Beta6 } from "openai/beta/realtime/ws";
import { OpenAIRealtimeWS as Realtime6 } from "openai/realtime/ws";
import OpenAI7, { AzureOpenAI } from "openai-latest";
import { OpenAIRealtimeWS as Beta7 } from "openai-latest/beta/realtime/ws";
import { OpenAIRealtimeWS as Realtime7 } from "openai-latest/realtime/ws";
import { EventLog, type Emitter } from "../server/official-clients/event-log";
import type { RunningServer } from "./fixtures/server";
import { expect, test } from "./fixtures/test";

/** The certificate is of the server's own making. */
test.use({ ignoreHTTPSErrors: true });

const QUESTION = "What is 12 times 7?";
const ANSWER = /84|eighty.?four/i;
const model = "gpt-realtime";
const packageDir = dirname(createRequire(import.meta.url).resolve("openai-latest"));

async function clientSecret({ url, apiKey }: RunningServer): Promise<string> {
  const client = new OpenAI7({ apiKey: apiKey(), baseURL: `${url}/v1` });
  return (await client.realtime.clientSecrets.create({ session: { type: "realtime", model } })).value;
}

/** A page of the server's own, without scripts, that can load the package's modules as they lie in it. */
async function emptyPage(page: Page, { url }: RunningServer): Promise<void> {
  await page.route(`${url}/sdk/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^\/sdk\//, "");
    return route.fulfill({ contentType: "text/javascript", body: readFileSync(join(packageDir, path)) });
  });
  await page.goto(`${url}/healthz`);
}

test.describe("in Chromium", () => {
  for (const [shape, protocols, question, done] of [
    ["GA", [], { output_modalities: ["text"] }, "response.output_text.done"],
    ["beta", ["openai-beta.realtime-v1"], { modalities: ["text"] }, "response.text.done"],
  ] as const) {
    test(`its own WebSocket with a key among the subprotocols, ${shape}`, async ({ page, server }) => {
      const secret = await clientSecret(server);
      await emptyPage(page, server);
      const heard = await page.evaluate(
        ({ address, offered, text, response, last }) =>
          new Promise<{ protocol: string; said: string }>((resolve, reject) => {
            const socket = new WebSocket(address, offered);
            const send = (event: object): void => socket.send(JSON.stringify(event));
            socket.onerror = () => reject(new Error("The WebSocket failed."));
            socket.onmessage = ({ data }) => {
              const event = JSON.parse(String(data)) as { type: string; text?: string; error?: unknown };
              if (event.type === "session.created") {
                const content = [{ type: "input_text", text }];
                send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
                send({ type: "response.create", response });
              }
              if (event.type === "error") reject(new Error(JSON.stringify(event.error)));
              if (event.type === last) resolve({ protocol: socket.protocol, said: event.text ?? "" });
            };
          }),
        {
          address: `${server.url.replace("http:", "ws:")}/v1/realtime?model=${model}`,
          offered: ["realtime", `openai-insecure-api-key.${secret}`, ...protocols],
          text: QUESTION,
          response: question,
          last: done,
        },
      );
      expect(heard.protocol).toBe("realtime");
      expect(heard.said).toMatch(ANSWER);
    });
  }

  for (const [name, module] of [
    ["OpenAIRealtimeWebSocket", "realtime/websocket.mjs"],
    ["the beta OpenAIRealtimeWebSocket", "beta/realtime/websocket.mjs"],
  ] as const) {
    test(`openai 7, ${name}`, async ({ page, server }) => {
      const secret = await clientSecret(server);
      await emptyPage(page, server);
      const said = await page.evaluate(
        async ({ origin, apiKey, path, text, model }) => {
          const { OpenAI } = await import(`${origin}/sdk/index.mjs`);
          const { OpenAIRealtimeWebSocket } = await import(`${origin}/sdk/${path}`);
          const client = new OpenAI({ apiKey, baseURL: `${origin}/v1`, dangerouslyAllowBrowser: true });
          const realtime = new OpenAIRealtimeWebSocket({ model }, client);
          return new Promise<string>((resolve, reject) => {
            realtime.on("error", (error: Error) => reject(error));
            realtime.on("session.created", () => {
              const content = [{ type: "input_text", text }];
              realtime.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
              realtime.send({ type: "response.create" });
            });
            for (const type of ["response.output_audio_transcript.done", "response.audio_transcript.done"]) {
              realtime.on(type, (event: { transcript: string }) => resolve(event.transcript));
            }
          });
        },
        { origin: server.url, apiKey: secret, path: module, text: QUESTION, model },
      );
      expect(said).toMatch(ANSWER);
    });
  }
});

test.describe("in Node", () => {
  const tls = { options: { rejectUnauthorized: false } };
  const clients: [string, string, (server: RunningServer) => Emitter | Promise<Emitter>][] = [
    [
      "openai 6, OpenAIRealtimeWS",
      "response.output_audio_transcript.done",
      ({ url, apiKey }) => new Realtime6({ model, ...tls }, new OpenAI6({ apiKey: apiKey(), baseURL: `${url}/v1` })),
    ],
    [
      "openai 7, OpenAIRealtimeWS",
      "response.output_audio_transcript.done",
      ({ url, apiKey }) => new Realtime7({ model, ...tls }, new OpenAI7({ apiKey: apiKey(), baseURL: `${url}/v1` })),
    ],
    [
      "openai 6, beta OpenAIRealtimeWS",
      "response.audio_transcript.done",
      ({ url, apiKey }) => new Beta6({ model, ...tls }, new OpenAI6({ apiKey: apiKey(), baseURL: `${url}/v1` })),
    ],
    [
      "openai 7, AzureOpenAI",
      "response.output_audio_transcript.done",
      ({ url, apiKey }) =>
        Realtime7.azure(
          new AzureOpenAI({ apiKey: apiKey(), endpoint: url, apiVersion: "2025-08-28", deployment: model }),
          tls,
        ),
    ],
    [
      "openai 7, beta AzureOpenAI",
      "response.audio_transcript.done",
      ({ url, apiKey }) =>
        Beta7.azure(
          new AzureOpenAI({ apiKey: apiKey(), endpoint: url, apiVersion: "2025-04-01-preview", deployment: model }),
          tls,
        ),
    ],
  ];
  for (const [name, done, open] of clients) {
    test(name, async ({ server }) => {
      const client = await open(server);
      const log = new EventLog(client);
      await expect.poll(() => log.events.length).toBeGreaterThan(0);
      log.send({
        type: "conversation.item.create",
        item: { type: "message", role: "user", content: [{ type: "input_text", text: QUESTION }] },
      });
      log.send({ type: "response.create" });
      const said = () => log.events.find(({ type }) => type === done)?.["transcript"];
      await expect.poll(() => String(said())).toMatch(ANSWER);
      expect(log.errors).toEqual([]);
      client.close();
    });
  }

  test("@openai/agents-realtime", async ({ server }) => {
    const url = `${server.url.replace("http:", "ws:")}/v1/realtime?model=${model}`;
    const transport = new OpenAIRealtimeWebSocket({ url });
    const session = new RealtimeSession(new RealtimeAgent({ name: "Clerk" }), { transport, model });
    await session.connect({ apiKey: server.apiKey() });
    session.sendMessage(QUESTION);
    await expect.poll(() => JSON.stringify(session.history)).toMatch(ANSWER);
    session.close();
  });
});
