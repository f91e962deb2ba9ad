import { z } from "zod";
import { webhooks } from "../../db/schema/index";
import { newId } from "../../ids";
import { defineService } from "../service";
import { newSigningSecret, requireReachable, webhookFields } from "./fields";

/** The signing secret is shown once. */
export const createWebhook = defineService({
  name: "webhooks.create",
  kind: "mutation",
  scope: "webhooks:write",
  input: z.strictObject(webhookFields),
  prepare: ({ ctx, input }) => requireReachable(ctx.outbound, input.url, "url"),
  run: async ({ ctx, tx, input, audit }) => {
    const secret = newSigningSecret();
    const id = newId("webhook");
    await tx.insert(webhooks).values({ id, orgId: ctx.org, ...input, sealedSecret: ctx.seal.seal(secret) });
    await audit({ target: { type: "webhook", id }, details: { url: input.url, events: input.events } });
    return { id, secret };
  },
});
