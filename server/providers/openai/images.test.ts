import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PromptItem } from "../../realtime/engine/types";
import { openaiLanguageModel } from "./index";
import { all, BASE, failureOf, generateRequest, HELLO, refusal, sse, textOf } from "./test-kit";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

const PICTURE = "data:image/png;base64,iVBORw0KGgo=";
const said = (text: string): PromptItem => ({ type: "message", role: "user", content: [{ type: "text", text }] });
const shown: PromptItem = {
  type: "message",
  role: "user",
  content: [
    { type: "image", url: PICTURE, detail: "high" },
    { type: "image", url: "https://pictures.example/cat.jpg", detail: "auto" },
    { type: "text", text: "What is this?" },
  ],
};
const withPicture = () => generateRequest({ instructions: "", items: [shown] });
const afterIt = () => generateRequest({ instructions: "", items: [shown, said("Never mind.")] });

/** An endpoint that says `words` to a picture. */
function blindEndpoint(words: string, status = 400): Body[] {
  const asked: Body[] = [];
  server.use(
    http.post(`${BASE}/chat/completions`, async ({ request }) => {
      const body = (await request.json()) as Body;
      asked.push(body);
      return JSON.stringify(body).includes("image_url") ? refusal(status, { message: words }) : sse(...HELLO);
    }),
  );
  return asked;
}

const model = () => openaiLanguageModel({ baseURL: BASE, model: "small", maxRetries: 0 });

describe("pictures", () => {
  it("reach the model whole: data URLs, links and details", async () => {
    const asked: Body[] = [];
    server.use(
      http.post(`${BASE}/chat/completions`, async ({ request }) => {
        asked.push((await request.json()) as Body);
        return sse(...HELLO);
      }),
    );
    await all(model().generate(withPicture()));
    expect(asked[0]?.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: PICTURE, detail: "high" } },
          { type: "image_url", image_url: { url: "https://pictures.example/cat.jpg", detail: "auto" } },
          { type: "text", text: "What is this?" },
        ],
      },
    ]);
  });
});

describe("a model that cannot see", () => {
  it.each([
    [400, "Invalid content type. image_url is only supported by certain models."],
    [400, "small is not a multimodal model"],
    [400, "At most 0 image(s) may be provided in one prompt, since this model does not support images."],
    [500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"],
    [400, "This model is missing data required for image input"],
    [400, "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`"],
    [400, "messages[1].content must be a string"],
    [404, "No endpoints found that support image input"],
  ])("says so clearly (%i, %s)", async (status, words) => {
    blindEndpoint(words, status);
    const error = await failureOf(model().generate(withPicture()));
    expect(error).toMatchObject({
      code: "images_not_supported",
      message: `The model "small" cannot see pictures: ${words}`,
      retryable: false,
    });
  });

  it.each([
    [400, "You uploaded an unsupported image. Please make sure your image is valid."],
    [400, "Invalid image URL: it could not be downloaded."],
    [400, "The image size is too large."],
    [429, "Too many images at once are not supported on your plan."],
  ])("is not taken for one that was given a bad picture (%i, %s)", async (status, words) => {
    blindEndpoint(words, status);
    expect(await failureOf(model().generate(withPicture()))).not.toMatchObject({ code: "images_not_supported" });
  });

  it("goes on talking afterwards, and asks its endpoint about no picture again", async () => {
    const asked = blindEndpoint("small is not a multimodal model");
    const llm = model();
    await failureOf(llm.generate(withPicture()));
    expect(textOf(await all(llm.generate(afterIt())))).toBe("Hello there.");
    expect(asked[1]?.messages).toEqual([
      {
        role: "user",
        content: "(an image, which you cannot see)\n(an image, which you cannot see)\nWhat is this?",
      },
      { role: "user", content: "Never mind." },
    ]);
    expect(await failureOf(llm.generate(withPicture()))).toMatchObject({ code: "images_not_supported" });
    expect(asked).toHaveLength(2);
  });

  it("one endpoint's answer with no words says nothing about its eyes", async () => {
    server.use(http.post(`${BASE}/chat/completions`, () => new HttpResponse("", { status: 400 })));
    expect(await failureOf(model().generate(withPicture()))).toMatchObject({ code: "bad_request" });
  });
});
