/**
 * A model that hears speech itself, and answers with a voice of its own. Run it:
 * OPENAI_API_KEY=sk-… npx tsx examples/speech-to-speech.ts
 */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler, defineTool, speechToSpeech } from "antiphon";
import { createSilero } from "antiphon/providers/local";
import { openaiSpeechModel } from "antiphon/providers/openai";
import { z } from "zod";

const engine = speechToSpeech({
  // Any endpoint whose chat completions take `input_audio`; one that answers in words needs `capabilities: { speaks: false }` and a `tts` below.
  model: openaiSpeechModel({
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey: process.env.OPENAI_API_KEY,
    model: process.env.SPEECH_MODEL ?? "gpt-audio",
  }),
  vad: await createSilero(),
  // stt: finds the words of what was said, for transcripts; replies do not wait for it.
});

/** Tools, guardrails, prompts: everything else is as it is around a pipeline. */
const clock = defineTool({
  name: "clock",
  description: "What time it is.",
  parameters: z.object({}),
  execute: () => new Date().toLocaleTimeString("en"),
});

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]), tools: [clock] });

const server = createServer(realtime.middleware);
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/v1, key sk-example`));
