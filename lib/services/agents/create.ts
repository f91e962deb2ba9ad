import { z } from "zod";
import { agents } from "../../db/schema/index";
import { newId } from "../../ids";
import { defineService } from "../service";
import { agentConfig, agentName, agentNote } from "./config";
import { insertVersion, requireReferences } from "./versions";

export const createAgent = defineService({
  name: "agents.create",
  kind: "mutation",
  scope: "agents:write",
  input: z.strictObject({
    name: agentName,
    description: z.string().trim().max(500).default(""),
    config: agentConfig,
    note: agentNote,
  }),
  run: async ({ ctx, tx, input, audit, notify }) => {
    await requireReferences(tx, input.config);
    const id = newId("agent");
    const { name, description, config, note } = input;
    await tx.insert(agents).values({ id, orgId: ctx.org, name, description, version: 1 });
    await insertVersion(tx, ctx, { agentId: id, version: 1, config, note });
    await audit({ target: { type: "agent", id }, details: { name } });
    notify({ type: "limits.changed", org: ctx.org });
    return { id, version: 1 };
  },
});
