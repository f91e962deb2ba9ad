/** For the recorder, which works for every organisation. */
import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { orgSettings, prices } from "../../db/schema/index";
import type { Price } from "../prices/cost";
import { recordingDefaults, type RecordingSettings } from "./fields";

export async function recordingOf(db: Database, org: string): Promise<RecordingSettings> {
  const [row] = await db.system((tx) => tx.select().from(orgSettings).where(eq(orgSettings.orgId, org)));
  if (!row) return recordingDefaults;
  const { recordTranscripts, recordEvents, recordAudio, transcriptDays, audioDays } = row;
  return { recordTranscripts, recordEvents, recordAudio, transcriptDays, audioDays };
}

export async function pricesOf(db: Database, org: string): Promise<ReadonlyMap<string, Price>> {
  const rows = await db.system((tx) => tx.select().from(prices).where(eq(prices.orgId, org)));
  return new Map(rows.map((row) => [row.model, row]));
}
