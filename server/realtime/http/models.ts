/** `GET /v1/models` and `GET /v1/models/{id}`. */
import type { Authenticator } from "../authenticator";
import type { ModelCatalogue } from "../models";
import { ProtocolError } from "../protocol/errors";
import { refusals } from "../refusal";
import { json } from "./responses";
import type { Route } from "./router";

export interface ModelRoutesOptions {
  /** What lies beside the base path, for example `/v1`. */
  readonly root: string;
  readonly models: ModelCatalogue;
  readonly authenticator: Authenticator;
}

export function modelRoutes({ root, models, authenticator }: ModelRoutesOptions): Route[] {
  const created = Math.floor(Date.now() / 1000);
  const describe = (id: string) => ({ id, object: "model", created, owned_by: "antiphon" });
  return [
    {
      method: "GET",
      path: `${root}/models`,
      handle: async ({ origin }) => {
        await authenticator.identify({ ...origin, purpose: "rest" });
        return json(200, { object: "list", data: models.names.map(describe) });
      },
    },
    {
      method: "GET",
      path: `${root}/models/{id}`,
      handle: async ({ origin, params }) => {
        await authenticator.identify({ ...origin, purpose: "rest" });
        const { id = "" } = params;
        if (models.find(id)) return json(200, describe(id));
        throw refusals.notFound(
          new ProtocolError(`The model '${id.slice(0, 200)}' does not exist.`, {
            code: "model_not_found",
            param: "model",
          }),
        );
      },
    },
  ];
}
