/** Records the sound of sessions whose organisation wants it. */
import type { Logger } from "../../../lib/logger";
import { newId } from "../../../lib/ids";
import type { SessionInfo, SessionObservation } from "../../realtime/observers/types";
import type { Operation } from "../rows";
import { AudioTrack, type FinishedSide } from "./audio-track";
import type { AudioStore, StoredAudio } from "./store";

export interface AudioRecorderOptions {
  readonly store: AudioStore;
  readonly wanted: (org: string) => Promise<boolean>;
  readonly emit: (operation: Operation) => void;
  readonly log: Pick<Logger, "error">;
}

interface Recording {
  /** Undefined until it is known whether the organisation wants it; null: it does not. */
  track: AudioTrack | null | undefined;
  readonly early: SessionObservation[];
  readonly ready: Promise<void>;
}

/** What may come before it is known: some seconds of 20 ms chunks. */
const MAX_EARLY = 500;

/** A recording from its beginning until its rows are written. */
interface Unwritten {
  readonly org: string;
  /** What is kept, and not written down yet. */
  readonly kept: Map<string, StoredAudio>;
  /** All that is to be written of it was told. */
  told: boolean;
}

export class AudioRecorder {
  private readonly sessions = new Map<string, Recording>();
  private readonly unwritten = new Map<string, Unwritten>();
  private readonly finishing = new Set<Promise<void>>();

  constructor(private readonly options: AudioRecorderOptions) {}

  observe(info: SessionInfo, observation: SessionObservation): void {
    const recording = this.sessions.get(info.sessionId) ?? this.begin(info);
    if (recording.track === undefined) {
      if (recording.early.length < MAX_EARLY || observation.type === "ended") recording.early.push(observation);
    } else recording.track?.observe(observation);
    if (observation.type === "ended") this.end(info, recording);
  }

  /** Told what was written down. */
  written(operation: Operation): void {
    const { session } = operation;
    const unwritten = this.unwritten.get(session);
    if (unwritten === undefined) return;
    const { org, kept } = unwritten;
    if (operation.type === "recording") {
      const { path } = operation.row;
      const audio = kept.get(path);
      kept.delete(path);
      if (audio?.store === "s3")
        this.finish(this.options.store.dropHere(path), "What is in the bucket stays here too.");
    }
    if (operation.type !== "change" || operation.set.hasAudio !== true) return;
    this.unwritten.delete(session);
    if (kept.size === 0) this.finish(this.options.store.unfinished.end({ org, session }), "A recording stays marked.");
  }

  /**
   * A sign of life, so that no other process takes what is recorded here for left behind. When nothing waits to be written,
   * what was told and is not written was lost: it is left for whoever finds it.
   */
  async touch(nothingWaits: boolean): Promise<void> {
    for (const [session, { told }] of this.unwritten) if (told && nothingWaits) this.unwritten.delete(session);
    const open = [...this.unwritten].map(([session, { org }]) => ({ org, session }));
    await this.options.store.unfinished.touch(open);
  }

  /** Resolves when what has ended is kept, and what was written down is no more marked as unfinished. */
  async close(): Promise<void> {
    await Promise.all(this.finishing);
  }

  private begin(info: SessionInfo): Recording {
    const recording: Recording = { track: undefined, early: [], ready: Promise.resolve() };
    const ready = this.prepare(info).then(
      (track) => {
        recording.track = track;
        for (const observation of recording.early.splice(0)) track?.observe(observation);
      },
      (error: unknown) => {
        this.options.log.error("Audio is not recorded.", error);
        recording.track = null;
      },
    );
    const begun = Object.assign(recording, { ready });
    this.sessions.set(info.sessionId, begun);
    return begun;
  }

  private async prepare({ tenant, sessionId }: SessionInfo): Promise<AudioTrack | null> {
    if (!(await this.options.wanted(tenant))) return null;
    await this.options.store.unfinished.begin({ org: tenant, session: sessionId });
    this.unwritten.set(sessionId, { org: tenant, kept: new Map(), told: false });
    return new AudioTrack({ folder: await this.options.store.folderOf(tenant), name: sessionId });
  }

  private end(info: SessionInfo, recording: Recording): void {
    this.sessions.delete(info.sessionId);
    const kept = recording.ready.then(async () => this.keep(info, (await recording.track?.close()) ?? []));
    // What could not be kept is left as if this process were gone: it is taken up again later.
    kept.catch(() => this.unwritten.delete(info.sessionId));
    this.finish(kept, "A recording could not be kept; it is tried again.");
  }

  private async keep({ tenant: org, sessionId: session }: SessionInfo, sides: readonly FinishedSide[]): Promise<void> {
    for (const { path, ...side } of sides) {
      const kept = await this.options.store.keep({ org, path });
      this.unwritten.get(session)?.kept.set(kept.path, kept);
      const row = { id: newId("recording"), orgId: org, sessionId: session, format: "audio/wav", ...kept };
      this.options.emit({ org, session, type: "recording", row: { ...row, ...side } });
    }
    if (sides.length > 0) this.options.emit({ org, session, type: "change", set: { hasAudio: true } });
    const unwritten = this.unwritten.get(session);
    if (unwritten) unwritten.told = true;
  }

  private finish(work: Promise<void>, problem: string): void {
    const finishing = work
      .catch((error: unknown) => this.options.log.error(problem, error))
      .finally(() => this.finishing.delete(finishing));
    this.finishing.add(finishing);
  }
}
