import { eq } from "drizzle-orm";
import { z } from "zod";
import { apiKeys } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const renameKey = defineService({
  name: "keys.rename",
  kind: "mutation",
  scope: "keys:write",
  input: z.strictObject({ id: z.string(), name: z.string().trim().min(1, "Enter a name.").max(100) }),
  run: async ({ tx, input, audit }) => {
    const changed = await tx.update(apiKeys).set({ name: input.name }).where(eq(apiKeys.id, input.id)).returning();
    if (changed.length === 0) throw notFound("key");
    await audit({ target: { type: "key", id: input.id }, details: { name: input.name } });
  },
});
