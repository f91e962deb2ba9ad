import { sql } from "drizzle-orm";
import { orgSettings } from "../../db/schema/index";
import { defineService } from "../service";
import { recordingSettings } from "./fields";

/** Holds for sessions that begin from now on; retention for what is there already, too. */
export const setRecording = defineService({
  name: "settings.setRecording",
  kind: "mutation",
  scope: "settings:write",
  input: recordingSettings,
  run: async ({ ctx, tx, input, audit, notify }) => {
    await tx
      .insert(orgSettings)
      .values({ orgId: ctx.org, ...input })
      .onConflictDoUpdate({ target: orgSettings.orgId, set: { ...input, updatedAt: sql`now()` } });
    await audit({ details: input });
    notify({ type: "settings.changed", org: ctx.org });
  },
});
