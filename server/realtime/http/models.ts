/** `GET /v1/models` and `GET /v1/models/{id}`. */
import { z } from "zod";
import type { Authenticator } from "../door/authenticator";
import type { ModelCatalogue } from "../live/models";
import { ProtocolError } from "../protocol/errors";
import { refusals, type Refusal } from "../door/refusal";
import { json } from "./responses";
import { jsonContent } from "./route-document";
import type { Route } from "./router";

export interface ModelRoutesOptions {
  /** What lies beside the base path, for example `/v1`. */
  readonly root: string;
  readonly models: ModelCatalogue;
  readonly authenticator: Authenticator;
}

const model = z.strictObject({
  id: z.string(),
  object: z.literal("model"),
  /** Seconds since the epoch. */
  created: z.int(),
  owned_by: z.string(),
});

export function modelRoutes({ root, models, authenticator }: ModelRoutesOptions): Route[] {
  const created = Math.floor(Date.now() / 1000);
  const describe = (id: string) => ({ id, object: "model", created, owned_by: "antiphon" });
  return [
    {
      method: "GET",
      path: `${root}/models`,
      document: {
        operationId: "listModels",
        summary: "Lists the models that sessions may ask for.",
        answer: {
          status: 200,
          description: "The models.",
          content: jsonContent(z.strictObject({ object: z.literal("list"), data: z.array(model) })),
        },
      },
      handle: async ({ origin }) => {
        await authenticator.identify({ ...origin, purpose: "rest" });
        return json(200, { object: "list", data: models.names.map(describe) });
      },
    },
    {
      method: "GET",
      path: `${root}/models/{id}`,
      document: {
        operationId: "retrieveModel",
        summary: "Describes one model.",
        answer: { status: 200, description: "The model.", content: jsonContent(model) },
      },
      handle: async ({ origin, params }) => {
        await authenticator.identify({ ...origin, purpose: "rest" });
        const { id = "" } = params;
        if (models.find(id)) return json(200, describe(id));
        throw unknownModel(id);
      },
    },
  ];
}

export function unknownModel(id: string): Refusal {
  const message = `The model '${id.slice(0, 200)}' does not exist.`;
  return refusals.notFound(new ProtocolError(message, { code: "model_not_found", param: "model" }));
}
