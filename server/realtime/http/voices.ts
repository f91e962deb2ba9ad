/** `GET /v1/realtime/voices`: which voices a model speaks with. An extension: the official service has no such list. */
import { z } from "zod";
import type { Authenticator } from "../door/authenticator";
import type { ModelEngine } from "../engine/fallback";
import type { ModelCatalogue } from "../live/models";
import { unknownModel } from "./models";
import { json } from "./responses";
import { jsonContent } from "./route-document";
import type { Route } from "./router";

export interface VoicesRouteOptions {
  readonly basePath: string;
  readonly models: ModelCatalogue;
  readonly authenticator: Authenticator;
}

const voiceList = z.strictObject({
  object: z.literal("list"),
  model: z.string(),
  /** The voice of sessions that name none; null where another server decides. */
  default: z.string().nullable(),
  /** Other names may be asked for too: whoever speaks judges them. */
  open: z.boolean(),
  data: z.array(z.strictObject({ id: z.string(), object: z.literal("voice") })),
});

export function voicesRoute({ basePath, models, authenticator }: VoicesRouteOptions): Route {
  return {
    method: "GET",
    path: `${basePath}/voices`,
    document: {
      operationId: "listVoices",
      summary: "Lists the voices of a model.",
      query: { model: z.string().optional() },
      answer: { status: 200, description: "The voices.", content: jsonContent(voiceList) },
    },
    handle: async ({ origin }) => {
      await authenticator.identify({ ...origin, purpose: "rest" });
      const model = origin.url.searchParams.get("model") || models.defaultName;
      const engine = models.find(model);
      if (engine === undefined) throw unknownModel(model);
      const byDefault = defaultVoice(engine);
      const voices = engine.voices ?? (byDefault === null ? [] : [byDefault]);
      return json(200, {
        object: "list",
        model,
        default: byDefault,
        open: engine.voices === undefined,
        data: voices.map((id) => ({ id, object: "voice" })),
      });
    },
  };
}

function defaultVoice(engine: ModelEngine): string | null {
  const first = engine.kind === "fallback" ? engine.candidates[0] : engine;
  return first === undefined || first.kind === "relay" ? null : first.defaultVoice;
}
