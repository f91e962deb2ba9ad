/** The agents SDK's own WebRTC transport in real Chromium, unchanged but for its URL, against the server of `npm start`. */
import type { OpenAIRealtimeWebRTC, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import type { z } from "zod";
import { openAgentsPage } from "./fixtures/agents-page";
import { expect, SPOKEN, test } from "./fixtures/test";

interface Sdk {
  readonly OpenAIRealtimeWebRTC: typeof OpenAIRealtimeWebRTC;
  readonly RealtimeAgent: typeof RealtimeAgent;
  readonly RealtimeSession: typeof RealtimeSession;
  readonly tool: typeof tool;
  readonly z: typeof z;
}
declare const sdk: Sdk;

interface Talk {
  readonly session: RealtimeSession;
  readonly transport: OpenAIRealtimeWebRTC;
  readonly events: { type: string; [field: string]: unknown }[];
  readonly calls: unknown[];
  readonly errors: string[];
}
declare global {
  interface Window {
    talk: Talk;
  }
}

async function secretOf({ url, apiKey }: { url: string; apiKey: () => string }): Promise<string> {
  const response = await fetch(`${url}/v1/realtime/client_secrets`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify({ session: { type: "realtime", model: "gpt-realtime" } }),
  });
  return ((await response.json()) as { value: string }).value;
}

/** In the page: connects as the SDK's own documentation says. */
async function connect({ url, apiKey }: { url: string; apiKey: string }): Promise<void> {
  const { OpenAIRealtimeWebRTC, RealtimeAgent, RealtimeSession, tool, z } = sdk;
  const calls: unknown[] = [];
  const weather = tool({
    name: "get_weather",
    description: "Tells the weather in a city",
    parameters: z.object({ city: z.string() }),
    execute: (input) => {
      calls.push(input);
      return "sunny";
    },
  });
  const agent = new RealtimeAgent({ name: "Clerk", instructions: "Be brief.", tools: [weather] });
  const transport = new OpenAIRealtimeWebRTC({ baseUrl: `${url}/v1/realtime/calls` });
  const session = new RealtimeSession(agent, { transport, model: "gpt-realtime" });
  const talk: Talk = { session, transport, calls, events: [], errors: [] };
  window.talk = talk;
  session.on("error", ({ error }) => talk.errors.push(JSON.stringify(error)));
  transport.on("*", (event) => talk.events.push(event as Talk["events"][number]));
  await session.connect({ apiKey });
}

const types = (): string[] => window.talk.events.map(({ type }) => type);
const transcripts = (): string[] =>
  window.talk.session.history.flatMap((item) =>
    item.type === "message"
      ? item.content.map((part) => ("text" in part ? part.text : "transcript" in part ? (part.transcript ?? "") : ""))
      : [],
  );
/** Energy of the sound that came in: 0 for silence. */
const heard = async (): Promise<number> => {
  const stats = await window.talk.transport.connectionState.peerConnection?.getStats();
  let energy = 0;
  stats?.forEach((report: { type: string; totalAudioEnergy?: number }) => {
    if (report.type === "inbound-rtp") energy += report.totalAudioEnergy ?? 0;
  });
  return energy;
};

test("connects, hears a spoken turn, answers aloud, calls a tool, hangs up", async ({ page, server }) => {
  await openAgentsPage(page, server.url);
  await page.evaluate(connect, { url: server.url, apiKey: await secretOf(server) });
  const callId = await page.evaluate(() => window.talk.transport.callId);
  expect(callId).toMatch(/^rtc_/);

  await expect.poll(() => page.evaluate(types), { timeout: 20_000 }).toContain("output_audio_buffer.stopped");
  const seen = await page.evaluate(types);
  expect(seen).toContain("input_audio_buffer.speech_stopped");
  expect(seen).not.toContain("response.output_audio.delta");
  expect(await page.evaluate(heard)).toBeGreaterThan(0.001);
  // What was made out of it is the recogniser's business; without one the reply says how to connect one.
  if (seen.includes("conversation.item.input_audio_transcription.completed"))
    expect(await page.evaluate(transcripts)).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);

  await page.evaluate(() => window.talk.session.sendMessage("What is the weather in Paris?"));
  await expect.poll(() => page.evaluate(() => window.talk.calls), { timeout: 15_000 }).toEqual([{ city: "Paris" }]);
  await expect
    .poll(() => page.evaluate(transcripts), { timeout: 15_000 })
    .toContainEqual(expect.stringMatching(/sunny/i));
  expect(await page.evaluate(() => window.talk.errors)).toEqual([]);

  const sessions = async (): Promise<unknown[]> => {
    const headers = { authorization: `Bearer ${server.apiKey()}` };
    const response = await fetch(`${server.url}/v1/realtime/sessions?status=live`, { headers });
    // Other tests' pages may have gone without a goodbye a moment ago.
    return ((await response.json()) as { data: { call_id: string }[] }).data.filter(
      ({ call_id }) => call_id === callId,
    );
  };
  expect(await sessions()).toHaveLength(1);
  await page.evaluate(() => window.talk.session.close());
  await expect.poll(sessions).toEqual([]);
});

test("speech interrupts the reply, which is cut to what was heard", async ({ speaking, server }) => {
  // Again and again: one sentence could be over before the reply begins.
  const page = await speaking(SPOKEN, { again: true });
  await openAgentsPage(page, server.url);
  await page.evaluate(connect, { url: server.url, apiKey: await secretOf(server) });
  await page.evaluate(() => window.talk.session.sendMessage("Count to forty."));
  await expect.poll(() => page.evaluate(types), { timeout: 15_000 }).toContain("output_audio_buffer.started");
  await expect.poll(() => page.evaluate(types), { timeout: 15_000 }).toContain("conversation.item.truncated");
  const seen = await page.evaluate(types);
  expect(seen).toEqual(expect.arrayContaining(["input_audio_buffer.speech_started", "output_audio_buffer.cleared"]));
  const cut = await page.evaluate(() => window.talk.events.find(({ type }) => type === "conversation.item.truncated"));
  expect(Number(cut?.["audio_end_ms"])).toBeGreaterThan(0);
  await expect
    .poll(() => page.evaluate(transcripts), { timeout: 15_000 })
    .toContainEqual(expect.stringMatching(/^(1|one), (2|two)(?!.*(40|forty))/i));
  // By hand: the SDK cancels and clears, whether anything is under way or not.
  await page.evaluate(() => window.talk.session.interrupt());
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => window.talk.errors)).toEqual([]);
  await page.evaluate(() => window.talk.session.close());
});
