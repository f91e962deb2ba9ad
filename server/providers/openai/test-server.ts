/**
 * A server of chat completions for tests, whose model hears and speaks: it is given what was said as WAV files, streams
 * real speech, keeps what it said under a name, and refuses names that it never gave.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pcmToBytes, type Pcm } from "../../realtime/audio/pcm";
import { decodeWav } from "../../realtime/audio/wav";
import { delta, sseText } from "./test-kit";

export interface SpeechServerOptions {
  /** 24 kHz. */
  speak(text: string): Promise<Int16Array>;
  answer(asked: Asked): SpeechAnswer | Promise<SpeechAnswer>;
}

export interface SpokenAnswer {
  readonly say: string;
  /** With an error, in the middle of its sound. */
  readonly breaksOff?: boolean;
  /** It never ends by itself. */
  readonly staysOpen?: boolean;
}

export type SpeechAnswer = SpokenAnswer | { readonly call: string; readonly arguments: unknown };

interface Part {
  readonly type: string;
  readonly input_audio?: { readonly data: string; readonly format: string };
}

export interface SpeechMessage {
  readonly role: string;
  readonly content?: string | readonly Part[] | null;
  readonly audio?: { readonly id: string };
}

export interface Asked {
  readonly messages: readonly SpeechMessage[];
  readonly bytes: number;
  /** What was said last, where that is sound. */
  readonly heard: Pcm | undefined;
  /** The client hung up before the end. */
  aborted: boolean;
}

export interface SpeechServer {
  readonly baseURL: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export async function startSpeechServer(options: SpeechServerOptions): Promise<SpeechServer> {
  const asked: Asked[] = [];
  const kept = new Set<string>();
  const server = createServer((request, response) => {
    void receive(request).then((now) => {
      asked.push(now);
      response.on("close", () => (now.aborted = !response.writableFinished));
      const unknown = now.messages.findIndex(({ audio }) => audio !== undefined && !kept.has(audio.id));
      if (unknown >= 0) return refuse(response, now.messages[unknown]?.audio?.id ?? "", unknown);
      const id = `audio_${asked.length}`;
      kept.add(id);
      return reply(response, { id, now, options });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function receive(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { messages } = JSON.parse(body.toString()) as { messages: SpeechMessage[] };
  const last = messages.at(-1)?.content;
  const sound = Array.isArray(last) ? (last as Part[]).at(-1)?.input_audio : undefined;
  const heard = sound && decodeWav(Buffer.from(sound.data, "base64"));
  return { messages, bytes: body.length, heard, aborted: false };
}

function refuse(response: ServerResponse, id: string, at: number): void {
  const param = `content.messages[${at}].audio.id`;
  const message = `Assistant audio ${id} not found.`;
  response.writeHead(400, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message, type: "invalid_request_error", param, code: "audio_not_found" } }));
}

interface Reply {
  readonly id: string;
  readonly now: Asked;
  readonly options: SpeechServerOptions;
}

const CHUNK = 2_400;

async function reply(response: ServerResponse, { id, now, options }: Reply): Promise<void> {
  const happens = (event: "close" | "drain") => new Promise((resolve) => response.once(event, resolve));
  const closed = happens("close");
  const answer = await options.answer(now);
  const send = async (...events: unknown[]): Promise<void> => {
    if (!response.destroyed && !response.write(sseText(events))) await Promise.race([happens("drain"), closed]);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  await send(delta({ role: "assistant", refusal: null }));
  if ("call" in answer) {
    const call = { name: answer.call, arguments: JSON.stringify(answer.arguments) };
    await send(delta({ tool_calls: [{ index: 0, id: `call_${id}`, type: "function", function: call }] }));
    await send(delta({}, "tool_calls"), usage(now, 0), "[DONE]");
    return void response.end();
  }
  const samples = await options.speak(answer.say);
  // As the original does: words first, a few ahead of their sound.
  for (const word of answer.say.match(/\s*\S+/g) ?? []) await send(delta({ audio: { id, transcript: word } }));
  for (let at = 0; at < samples.length && !response.destroyed; at += CHUNK) {
    if (answer.breaksOff === true && at > 0) {
      await send({ error: { message: "The model stumbled.", type: "server_error" } });
      return void response.end();
    }
    await send(delta({ audio: { data: pcmToBytes(samples.slice(at, at + CHUNK)).toString("base64") } }));
  }
  if (answer.staysOpen === true) await closed;
  await send(delta({ audio: { expires_at: Math.floor(Date.now() / 1000) + 3600 } }), delta({}, "stop"));
  await send(usage(now, samples.length), "[DONE]");
  response.end();
}

/** A token for every 100 ms of what was heard, and every 50 ms of what was said. */
function usage({ heard }: Asked, spoken: number): unknown {
  const audioIn = heard === undefined ? 0 : Math.ceil((heard.samples.length * 10) / heard.sampleRate);
  const audioOut = Math.ceil(spoken / 1_200);
  return {
    object: "chat.completion.chunk",
    choices: [],
    usage: {
      prompt_tokens: 40 + audioIn,
      completion_tokens: 9 + audioOut,
      total_tokens: 49 + audioIn + audioOut,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: audioIn },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: audioOut },
    },
  };
}
