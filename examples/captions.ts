/** Live captions of a microphone, in a page: a transcription session. Run it: npx tsx examples/captions.ts */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler, missingStt, pipeline } from "antiphon";
import { createPocketsphinx, createSilero, findPocketsphinx } from "antiphon/providers/local";
import { openaiSpeechToText } from "antiphon/providers/openai";

const apiKey = process.env.OPENAI_API_KEY;
const found = await findPocketsphinx();
const stt = apiKey
  ? openaiSpeechToText({ apiKey, model: "gpt-4o-mini-transcribe" })
  : found
    ? createPocketsphinx(found)
    : missingStt("Nobody hears you: set OPENAI_API_KEY, or install pocketsphinx and pocketsphinx-en-us.");

const engine = pipeline({ stt, vad: await createSilero() });
const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]) });
const page = await readFile(new URL("captions.html", import.meta.url));

/** A key that the page may hold: it opens transcription sessions, for ten minutes. */
const mint = (): Promise<Response> =>
  realtime.fetch(
    new Request("http://localhost/v1/realtime/client_secrets", {
      method: "POST",
      headers: { authorization: "Bearer sk-example", "content-type": "application/json" },
      body: JSON.stringify({
        session: { type: "transcription", audio: { input: { transcription: { language: "en" } } } },
      }),
    }),
  );

const server = createServer((req, res) => {
  // The REST routes; everything else is the page.
  realtime.middleware(req, res, () => {
    if (req.url !== "/captions-key") return res.setHeader("content-type", "text/html; charset=utf-8").end(page);
    void mint().then(async (answer) => res.writeHead(answer.status).end(await answer.text()));
  });
});
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Open http://localhost:${port} and talk; key sk-example`));
