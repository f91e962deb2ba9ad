import { WebRtcCalls } from "../calls/webrtc";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { allowAnyone } from "../door/auth";
import { testHandler, textEngine } from "../conformance/test-support";
import { RealtimeService } from "../service";
import { createSession } from "../session/create";
import { OriginPolicy } from "./cors";
import { RestApi } from "./rest";

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> };
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

async function served(path = "/openapi.json", options = {}): Promise<Document> {
  const response = await testHandler(options).fetch(new Request(`http://x${path}`));
  expect(response.status).toBe(200);
  return (await response.json()) as Document;
}

describe("/openapi.json", () => {
  it("is a valid OpenAPI 3.1 document, without a key", async () => {
    const validator = new Validator();
    const result = await validator.validate({ ...(await served()) });
    expect(result.errors ?? []).toEqual([]);
    expect(validator.version).toBe("3.1");
  });

  it("has every route, each under a name of its own", async () => {
    const { paths } = await served();
    const service = new RealtimeService({ engine: textEngine(), authenticate: allowAnyone() }, (options) =>
      createSession(options),
    );
    const origins = new OriginPolicy(undefined);
    const { routes } = new RestApi({
      basePath: "/v1/realtime",
      service,
      origins,
      webrtc: new WebRtcCalls(service),
      documents: true,
      azure: true,
    });
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    const names = Object.values(paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("has schemas that compile, all references within the document, and say what the routes accept", async () => {
    const document = await served();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, "doc");
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`doc#/components/schemas/${name}`), name).toBeTypeOf("function");
    }
    const body = document.paths["/v1/realtime/client_secrets"]?.["post"]?.requestBody?.content["application/json"];
    const validate = ajv.getSchema(`doc${body?.schema.$ref ?? ""}`);
    expect(validate?.({ session: { type: "realtime", audio: { output: { speed: 1.2 } } } })).toBe(true);
    expect(validate?.({ session: { type: "realtime", voice: "alloy" } })).toBe(false);
  });

  it("lies in front of the base path, and nowhere when it is not wanted", async () => {
    expect(Object.keys((await served("/api/openapi.json", { basePath: "/api/v1/realtime" })).paths)).toContain(
      "/api/v1/realtime/client_secrets",
    );
    const response = await testHandler({ documents: false }).fetch(new Request("http://x/openapi.json"));
    expect(response.status).toBe(404);
  });
});
