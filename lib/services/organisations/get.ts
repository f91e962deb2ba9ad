import { z } from "zod";
import { organisations } from "../../db/schema/index";
import { notFound } from "../errors";
import { defineService } from "../service";

export const getOrganisation = defineService({
  name: "organisations.get",
  kind: "query",
  scope: "organisation:read",
  input: z.void(),
  run: async ({ tx }) => {
    const { id, name, slug, createdAt } = organisations;
    const [found] = await tx.select({ id, name, slug, createdAt }).from(organisations);
    if (!found) throw notFound("organisation");
    return found;
  },
});
