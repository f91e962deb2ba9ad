import { newSigningSecret } from "../webhooks/fields";
import { tools } from "../../db/schema/index";
import { newId } from "../../ids";
import { defineService } from "../service";
import { toolInput } from "./kinds";
import { toKept } from "./secrets";
import { nameTaken, requireReachableTool } from "./view";

/** A webhook's signing secret is made here, and shown once. */
export const createTool = defineService({
  name: "tools.create",
  kind: "mutation",
  scope: "tools:write",
  input: toolInput,
  prepare: ({ ctx, input }) => requireReachableTool(ctx.outbound, input),
  run: async ({ ctx, tx, input, audit }) => {
    const secret = input.kind === "webhook" ? newSigningSecret() : undefined;
    const sealed = input.kind === "mcp" ? (input.token ?? undefined) : secret;
    const id = newId("tool");
    const { name, description, kind, parameters, enabled } = input;
    await tx
      .insert(tools)
      .values({
        ...{ id, orgId: ctx.org, name, description, kind, parameters, enabled },
        ...toKept(input, undefined, ctx.seal),
        sealedSecret: sealed === undefined ? null : ctx.seal.seal(sealed),
      })
      .catch(nameTaken);
    await audit({ target: { type: "tool", id }, details: { name, kind } });
    return { id, secret };
  },
});
