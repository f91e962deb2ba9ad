/**
 * For a job: recordings that a process left in the middle, because it was killed or its bucket was away. Where the session
 * has ended in the database, they are kept as far as they were written; where there is no such session, they go.
 */
import { join } from "node:path";
import type { Database } from "../../lib/db/client";
import {
  adoptAudio,
  type AudioOwner,
  type AudioStanding,
  audioStandings,
} from "../../lib/services/sessions/unfinished-audio";
import type { AudioStore } from "../observers/audio/store";
import { repairWav } from "../observers/audio/wav-repair";
import type { Recorder } from "../observers/recorder";

/** A process that lives gives a sign five times as often. */
const SILENT_MS = 5 * 60_000;
const AT_A_TIME = 100;
const SIDES = ["input", "output"] as const;

export interface AudioRescueOptions {
  readonly db: Database;
  readonly audio: AudioStore;
  readonly recorder: Pick<Recorder, "touchAudio" | "flush" | "backlog">;
}

/** Rejects when some could not be taken up: they are left for the next time. */
export async function rescueAudio({ db, audio, recorder }: AudioRescueOptions): Promise<void> {
  await recorder.touchAudio();
  const silent = await audio.unfinished.silent(SILENT_MS);
  if (silent.length === 0) return;
  // What was spooled by a process that is gone may name the very sessions.
  await recorder.flush();
  if (recorder.backlog > 0) return;
  const failures: unknown[] = [];
  for (let from = 0; from < silent.length; from += AT_A_TIME) {
    const owners = silent.slice(from, from + AT_A_TIME);
    const standings = await audioStandings(db, owners, (owner) => SIDES.map((side) => pathOf(owner, side)));
    for (const [index, standing] of standings.entries())
      await settle({ db, audio }, owners[index] as AudioOwner, standing).catch((error: unknown) =>
        failures.push(error),
      );
  }
  if (failures.length > 0)
    throw new Error(`Recordings that were left behind and could not be taken up: ${failures.length}.`, {
      cause: failures[0],
    });
}

type Side = (typeof SIDES)[number];

const nameOf = ({ session }: AudioOwner, side: Side): string => `${session}-${side}.wav`;
const pathOf = (owner: AudioOwner, side: Side): string => `${owner.org}/${nameOf(owner, side)}`;

type Parts = Pick<AudioRescueOptions, "db" | "audio">;

async function settle(parts: Parts, owner: AudioOwner, standing: AudioStanding): Promise<void> {
  // Its server may be back; one that is gone is ended by its silence first.
  if (standing.state === "live" || standing.state === "foreign") return;
  for (const side of SIDES) await settleSide(parts, { owner, side }, standing);
  await parts.audio.unfinished.end(owner);
}

async function settleSide(
  { db, audio }: Parts,
  { owner, side }: { readonly owner: AudioOwner; readonly side: Side },
  { state, paths }: AudioStanding,
): Promise<void> {
  const path = pathOf(owner, side);
  const known = paths.get(path);
  if (known !== undefined) return known.store === "s3" ? audio.dropHere(path) : undefined;
  if (state === "gone") return audio.discard(path);
  const file = join(await audio.folderOf(owner.org), nameOf(owner, side));
  const repaired = await repairWav(file);
  if (repaired === undefined) return audio.dropHere(path);
  const kept = await audio.keep({ org: owner.org, path: file });
  await adoptAudio(db, owner, { side, ...repaired, ...kept });
  if (kept.store === "s3") await audio.dropHere(path);
}
