import { z } from "zod";
import { defineService } from "../service";

/** That somebody had a provider tested, which costs a little, and how it went. */
export const noteCheck = defineService({
  name: "settings.testProvider",
  kind: "mutation",
  scope: "settings:write",
  input: z.strictObject({ id: z.string(), name: z.string(), outcome: z.string() }),
  run: async ({ input: { id, name, outcome }, audit }) => {
    await audit({ target: { type: "provider", id }, details: { name, outcome } });
  },
});
