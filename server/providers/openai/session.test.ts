/** From a client's events to what an endpoint is asked, with nothing left out in between. */
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { pipeline } from "../../realtime/engine/pipeline";
import { createTestRealtime, scriptedStt, scriptedTts } from "../../realtime/testing";
import { openaiLanguageModel } from "./index";
import { BASE, HELLO, sse } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const PICTURE = "data:image/png;base64,iVBORw0KGgo=";
const picture = { type: "input_image", image_url: PICTURE, detail: "low" } as const;
/** The first request loads the SDK. */
const PATIENT = { timeoutMs: 15_000 };
const llm = () => openaiLanguageModel({ baseURL: BASE, model: "small", maxRetries: 0 });

async function open() {
  const { client } = createTestRealtime({ engine: pipeline({ stt: scriptedStt(), llm: llm(), tts: scriptedTts() }) });
  await client.next("session.created");
  client.send({
    type: "session.update",
    session: { type: "realtime", output_modalities: ["text"], instructions: "Look.", reasoning: { effort: "high" } },
  });
  await client.next("session.updated");
  const show = (content: readonly object[]): void =>
    client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content },
    } as Parameters<typeof client.send>[0]);
  return { client, show };
}

it("reasoning effort, pictures and their detail reach the request", { timeout: 30_000 }, async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(`${BASE}/chat/completions`, async ({ request }) => {
      asked.push(await request.json());
      return sse(...HELLO);
    }),
  );
  const { client, show } = await open();
  show([picture, { type: "input_text", text: "What is this?" }]);
  client.send({ type: "response.create" });
  await client.next("response.done", PATIENT);
  client.send({ type: "response.create", response: { reasoning: { effort: "minimal" } } });
  await client.next("response.done", PATIENT);
  expect(asked).toMatchObject([
    {
      reasoning_effort: "high",
      messages: [
        { role: "system", content: "Look." },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: PICTURE, detail: "low" } },
            { type: "text", text: "What is this?" },
          ],
        },
      ],
    },
    { reasoning_effort: "minimal" },
  ]);
});

it(
  "a model that cannot see fails the response with a clear error, and answers the next",
  { timeout: 30_000 },
  async () => {
    server.use(
      http.post(`${BASE}/chat/completions`, async ({ request }) =>
        (await request.text()).includes("image_url")
          ? HttpResponse.json({ error: { message: "small is not a multimodal model" } }, { status: 400 })
          : sse(...HELLO),
      ),
    );
    const { client, show } = await open();
    show([picture]);
    client.send({ type: "response.create" });
    expect((await client.next("response.done", PATIENT)).response).toMatchObject({
      status: "failed",
      status_details: {
        error: {
          code: "images_not_supported",
          message: 'The model "small" cannot see pictures: small is not a multimodal model',
        },
      },
    });
    show([{ type: "input_text", text: "Never mind." }]);
    client.send({ type: "response.create" });
    expect((await client.next("response.done", PATIENT)).response.status).toBe("completed");
  },
);
