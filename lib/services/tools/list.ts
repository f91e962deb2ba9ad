import { asc } from "drizzle-orm";
import { z } from "zod";
import { tools } from "../../db/schema/index";
import { defineService } from "../service";
import { viewTool } from "./view";

export const listTools = defineService({
  name: "tools.list",
  kind: "query",
  scope: "tools:read",
  input: z.void(),
  run: async ({ tx }) => (await tx.select().from(tools).orderBy(asc(tools.name)).limit(1000)).map(viewTool),
});
