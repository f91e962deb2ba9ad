import { newSigningSecret } from "../webhooks/fields";
import { tools } from "../../db/schema/index";
import { newId } from "../../ids";
import { defineService } from "../service";
import { toolInput } from "./kinds";
import { nameTaken, requireReachable } from "./view";

/** A webhook's signing secret is made here, and shown once. */
export const createTool = defineService({
  name: "tools.create",
  kind: "mutation",
  scope: "tools:write",
  input: toolInput,
  run: async ({ ctx, tx, input, audit }) => {
    await requireReachable(ctx.outbound, input);
    const secret = input.kind === "webhook" ? newSigningSecret() : undefined;
    const kept = input.kind === "mcp" ? input.token : secret;
    const id = newId("tool");
    const { name, description, kind, parameters, config, enabled } = input;
    await tx
      .insert(tools)
      .values({
        id,
        orgId: ctx.org,
        name,
        description,
        kind,
        parameters,
        config,
        enabled,
        sealedSecret: kept === undefined ? null : ctx.seal.seal(kept),
      })
      .catch(nameTaken);
    await audit({ target: { type: "tool", id }, details: { name, kind } });
    return { id, secret };
  },
});
