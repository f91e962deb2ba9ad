import { z } from "zod";
import { orgSettings } from "../../db/schema/index";
import { defineService } from "../service";
import { recordingDefaults } from "./fields";

export const getSettings = defineService({
  name: "settings.get",
  kind: "query",
  scope: "settings:read",
  input: z.void(),
  run: async ({ tx }) => {
    const [row] = await tx.select().from(orgSettings);
    if (!row) return { recording: recordingDefaults, currency: "USD" };
    const { recordTranscripts, recordEvents, recordAudio, transcriptDays, audioDays, currency } = row;
    return {
      recording: { recordTranscripts, recordEvents, recordAudio, transcriptDays, audioDays },
      currency,
    };
  },
});
