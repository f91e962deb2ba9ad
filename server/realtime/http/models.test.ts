import { describe, expect, it } from "vitest";
import { apiKeys } from "../door/auth";
import { relay } from "../engine/relay";
import type { RealtimeHandler } from "../handler";
import { testHandler, textEngine } from "../conformance/test-support";

const KEY = "sk-test";
const other = relay({ url: "wss://host/v1", voices: ["marin", "cedar"] });
const local = () => ({ ...textEngine(), voices: ["kal", "awb"], defaultVoice: "awb" });

const setUp = (): RealtimeHandler =>
  testHandler({
    engine: undefined,
    authenticate: apiKeys([KEY]),
    models: {
      pipeline: local(),
      relay: relay({ url: "wss://host/v1" }),
      both: [other, local()],
      "team/voice": [local(), other],
    },
  });

async function get(handler: RealtimeHandler, path: string, key: string | null = KEY) {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const response = await handler.fetch(new Request(`http://host${path}`, { headers }));
  return { status: response.status, body: (await response.json()) as unknown };
}

describe("GET /v1/models", () => {
  it("lists pipelines, relays and fallbacks alike, in the official shape", async () => {
    const handler = setUp();
    const created: unknown = expect.any(Number);
    const described = (id: string) => ({ id, object: "model", created, owned_by: "antiphon" });
    const data = ["pipeline", "relay", "both", "team/voice"].map(described);
    expect((await get(handler, "/v1/models")).body).toEqual({ object: "list", data });
    expect((await get(handler, "/v1/models/both")).body).toEqual(described("both"));
    expect((await get(handler, "/v1/models/nope")).status).toBe(404);
    expect((await get(handler, "/v1/models", null)).status).toBe(401);
  });
});

describe("GET /v1/realtime/voices", () => {
  const voices = (...ids: string[]) => ids.map((id) => ({ id, object: "voice" }));
  it.each([
    ["", { model: "pipeline", default: "awb", open: false, data: voices("kal", "awb") }],
    ["?model=pipeline", { model: "pipeline", default: "awb", open: false, data: voices("kal", "awb") }],
    ["?model=relay", { model: "relay", default: null, open: true, data: [] }],
    ["?model=both", { model: "both", default: null, open: false, data: voices("marin", "cedar") }],
    ["?model=team/voice", { model: "team/voice", default: "awb", open: false, data: voices("kal", "awb") }],
  ])("%s", async (query, expected) => {
    expect(await get(setUp(), `/v1/realtime/voices${query}`)).toEqual({
      status: 200,
      body: { object: "list", ...expected },
    });
  });

  it("says when nobody else can know, and when there is no such model", async () => {
    const any = testHandler({ engine: textEngine() });
    expect((await get(any, "/v1/realtime/voices")).body).toMatchObject({ default: "alloy", open: true });
    expect(await get(setUp(), "/v1/realtime/voices?model=nope")).toMatchObject({
      status: 404,
      body: { error: { code: "model_not_found" } },
    });
    expect((await get(setUp(), "/v1/realtime/voices", null)).status).toBe(401);
  });
});

describe("client secrets of relays", () => {
  it("are minted without a judgement of what the other server can do", async () => {
    const handler = setUp();
    const session = {
      type: "realtime",
      model: "relay",
      audio: { input: { turn_detection: { type: "semantic_vad" } }, output: { voice: "marin" } },
    };
    const response = await handler.fetch(
      new Request("http://host/v1/realtime/client_secrets", {
        method: "POST",
        headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
        body: JSON.stringify({ session }),
      }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ session: { model: "relay", audio: { output: { voice: "marin" } } } });
  });
});
