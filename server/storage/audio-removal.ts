/** For a job: deletes the files of recordings that are to go, and those which were refused before, when it is their time. */
import type { Database } from "../../lib/db/client";
import { type AudioDeletion, deletionsDone, leaseDeletions } from "../../lib/services/sessions/audio-deletions";
import type { AudioStore } from "../observers/audio/store";

const AT_A_TIME = 100;

/** Rejects when some are still there: their rows stay, and come again after a pause. */
export async function removeAudio(db: Database, audio: Pick<AudioStore, "place" | "remove">): Promise<void> {
  const place = await audio.place();
  const failures: unknown[] = [];
  for (;;) {
    const due = await leaseDeletions(db, { place, limit: AT_A_TIME });
    const removed = await removeEach(due, audio, failures);
    await deletionsDone(db, removed);
    // A bucket that takes none of them now takes no others either.
    if (due.length < AT_A_TIME || removed.length === 0) break;
  }
  if (failures.length > 0)
    throw new Error(`Recorded files that could not be deleted: ${failures.length}.`, { cause: failures[0] });
}

async function removeEach(
  due: readonly AudioDeletion[],
  audio: Pick<AudioStore, "remove">,
  failures: unknown[],
): Promise<string[]> {
  const removed: string[] = [];
  for (const file of due) {
    try {
      await audio.remove(file);
      removed.push(file.id);
    } catch (error) {
      failures.push(error);
    }
  }
  return removed;
}
