import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { validClientEvents } from "../protocol/client-events.samples";
import { clientEventSchemas } from "../protocol/client-events";
import { serverEventSamples } from "../protocol/server-events.samples";
import { testHandler } from "../conformance/test-support";

interface Reference {
  readonly $ref: string;
}
interface Document {
  readonly asyncapi: string;
  readonly channels: Record<string, { readonly address: string; readonly messages: Record<string, Reference> }>;
  readonly operations: Record<
    string,
    { readonly action: string; readonly channel: Reference; readonly messages: readonly Reference[] }
  >;
  readonly components: {
    readonly messages: Record<string, { readonly payload: Reference }>;
    readonly schemas: Record<string, object>;
  };
}

async function served(): Promise<Document> {
  const response = await testHandler().fetch(new Request("http://x/asyncapi.json"));
  expect(response.status).toBe(200);
  return (await response.json()) as Document;
}

/** What a reference within the document leads to. */
function at(document: Document, { $ref }: Reference): unknown {
  const steps = $ref.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>((value, step) => Reflect.get(Object(value), step), document);
}

function referencesIn(value: unknown): Reference[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(referencesIn);
  return "$ref" in value && typeof value.$ref === "string" ? [{ $ref: value.$ref }, ...inner] : inner;
}

/** The shape of an AsyncAPI 3 document, as far as this one uses it. */
const reference = {
  type: "object",
  properties: { $ref: { type: "string", pattern: "^#/" } },
  required: ["$ref"],
  additionalProperties: false,
};
const shape = {
  type: "object",
  required: ["asyncapi", "info", "channels", "operations", "components"],
  additionalProperties: false,
  properties: {
    asyncapi: { const: "3.0.0" },
    info: { type: "object", required: ["title", "version"] },
    defaultContentType: { type: "string" },
    channels: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["address", "messages"],
        properties: { messages: { type: "object", additionalProperties: reference } },
      },
    },
    operations: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["action", "channel"],
        additionalProperties: false,
        properties: {
          action: { enum: ["send", "receive"] },
          channel: reference,
          messages: { type: "array", items: reference },
        },
      },
    },
    components: {
      type: "object",
      properties: {
        messages: {
          type: "object",
          propertyNames: { pattern: "^[\\w.-]+$" },
          additionalProperties: { type: "object", required: ["payload"] },
        },
        schemas: { type: "object", propertyNames: { pattern: "^[\\w.-]+$" } },
      },
    },
  },
};

describe("/asyncapi.json", () => {
  it("has the shape of an AsyncAPI 3 document, and every reference leads somewhere in it", async () => {
    const document = await served();
    const validate = new Ajv2020().compile(shape);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    for (const each of referencesIn(document)) expect(at(document, each), each.$ref).toBeDefined();
  });

  it("has every event, each told by one side", async () => {
    const { channels, operations } = await served();
    const types = (name: string) => operations[name]?.messages.map(({ $ref }) => $ref.split("/").at(-1)).sort();
    expect(types("realtimeReceive")).toEqual(Object.keys(clientEventSchemas).sort());
    expect([...new Set([...(types("realtimeSend") ?? []), ...(types("translationsSend") ?? [])])].sort()).toEqual(
      serverEventSamples.map((event) => event["type"]).sort(),
    );
    expect(types("realtimeBetaSend")).toContain("response.audio.delta");
    expect(channels["realtime"]?.address).toBe("/v1/realtime");
  });

  it("has schemas that compile, take what is sent, and nothing else", async () => {
    const document = await served();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, "doc");
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`doc#/components/schemas/${name}`), name).toBeTypeOf("function");
    }
    for (const event of [...serverEventSamples, ...validClientEvents]) {
      const type = String(event["type"]);
      const { messages } = document.components;
      const message = messages[`realtime.${type}`] ?? messages[`translations.${type}`];
      const validate = ajv.getSchema(`doc${message?.payload.$ref ?? ""}`);
      expect(validate?.(event), `${String(event["type"])}: ${JSON.stringify(validate?.errors)}`).toBe(true);
      expect(validate?.({ ...event, surprise: 1 })).toBe(false);
    }
  });
});
