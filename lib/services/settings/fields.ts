import { z } from "zod";

const days = z.int("Enter a whole number of days.").min(1, "At least one day.").max(36_500).nullable();

export const recordingSettings = z.strictObject({
  recordTranscripts: z.boolean(),
  recordEvents: z.boolean(),
  recordAudio: z.boolean(),
  /** Days until texts and events go. Null: they are kept. */
  transcriptDays: days,
  /** Days until audio goes. Null: it is kept. */
  audioDays: days,
});
export type RecordingSettings = z.output<typeof recordingSettings>;

export const recordingDefaults: RecordingSettings = {
  recordTranscripts: true,
  recordEvents: true,
  recordAudio: false,
  transcriptDays: null,
  audioDays: null,
};
