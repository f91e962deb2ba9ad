import { eq } from "drizzle-orm";
import { z } from "zod";
import { organisations } from "../../db/schema/index";
import { defineService } from "../service";
import { organisationName } from "./names";

export const renameOrganisation = defineService({
  name: "organisations.rename",
  kind: "mutation",
  scope: "organisation:write",
  input: z.strictObject({ name: organisationName }),
  run: async ({ ctx, tx, input, audit }) => {
    await tx.update(organisations).set({ name: input.name }).where(eq(organisations.id, ctx.org));
    await audit({ details: input });
  },
});
