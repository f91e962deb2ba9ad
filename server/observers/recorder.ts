/** Writes down what happens in sessions: an observer that does almost nothing while it is told, and the rest later. */
import type { Database } from "../../lib/db/client";
import type { Logger } from "../../lib/logger";
import type { Price } from "../../lib/services/prices/cost";
import type { RecordingSettings } from "../../lib/services/settings/fields";
import { pricesOf, recordingOf } from "../../lib/services/settings/recording-of";
import type { SessionInfo, SessionObservation, SessionObserver } from "../realtime/observers/types";
import { AudioRecorder } from "./audio/audio-recorder";
import type { AudioStore } from "./audio/store";
import { withCost } from "./costs";
import { OrgCache } from "../../lib/org-cache";
import { RecordingQueue } from "./queue";
import type { Operation } from "./rows";
import { Spool } from "./spool";
import { Track } from "./track";
import { writeBatch } from "./write";

export interface RecorderOptions {
  readonly db: Database;
  readonly log: Logger;
  /** Where operations wait when the database is away for long. */
  readonly spoolFolder: string;
  /** Default: 256 MiB. */
  readonly spoolBytes?: number;
  /** Operations that may wait in memory. Default: 50,000. */
  readonly maxWaiting?: number;
  /** Milliseconds between two writes. Default: 250. */
  readonly everyMs?: number;
  /** Milliseconds between two attempts while the database is away. Default: 2,000. */
  readonly retryMs?: number;
  /** Where audio goes, of organisations that want it. Default: nowhere. */
  readonly audio?: AudioStore;
  /** Told when there are webhooks to send. */
  readonly onWebhooks?: () => void;
  /** Told whose sessions were written, each organisation once a batch. */
  readonly onWritten?: (org: string) => void;
}

export interface Recorder extends SessionObserver {
  /** The sessions that are being recorded. */
  readonly live: readonly string[];
  /** What waits to be written, in memory and on disk. */
  readonly backlog: number;
  /** Marks the audio that is recorded here as being written. */
  touchAudio(): Promise<void>;
  /** Changed in the dashboard: to be read anew. */
  forget(org: string): void;
  /** Writes what there is by now. Never rejects. */
  flush(): Promise<void>;
  /** Writes what there is, or leaves it on disk for the next start. */
  close(): Promise<void>;
}

const BATCH = 1_000;
const MIB = 1024 * 1024;

export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { db, log, everyMs = 250 } = options;
  const spool = new Spool({ folder: options.spoolFolder, maxBytes: options.spoolBytes ?? 256 * MIB });
  await spool.open();
  const settings = new OrgCache<RecordingSettings>((org) => recordingOf(db, org));
  const prices = new OrgCache<ReadonlyMap<string, Price>>((org) => pricesOf(db, org));
  const tracks = new Map<string, Track>();
  const queue = new RecordingQueue({
    write: async ({ id, operations }) => {
      const wanted: Operation[] = [];
      for (const operation of operations) {
        const permitted = asWanted(operation, await settings.get(operation.org));
        const priced = await prices.get(operation.org);
        if (permitted) wanted.push(withCost(permitted, (model) => priced.get(model)));
      }
      if (await writeBatch(db, { id, operations: wanted })) options.onWebhooks?.();
      for (const operation of wanted) audio?.written(operation);
      for (const org of new Set(wanted.map((operation) => operation.org))) options.onWritten?.(org);
    },
    spool,
    log,
    batchSize: BATCH,
    maxWaiting: options.maxWaiting ?? 50_000,
    retryMs: options.retryMs ?? 2_000,
  });
  const trackOf = (info: SessionInfo): Track => {
    const known = tracks.get(info.sessionId);
    if (known) return known;
    const track = new Track({
      info,
      emit: (operation) => queue.push(operation),
      now: () => Date.now(),
    });
    tracks.set(info.sessionId, track);
    return track;
  };
  const audio =
    options.audio &&
    new AudioRecorder({
      store: options.audio,
      wanted: async (org) => (await settings.get(org)).recordAudio,
      emit: (operation) => queue.push(operation),
      log,
    });
  const backlog = (): number => queue.size + spool.waiting;
  const flush = async (): Promise<void> => {
    for (const track of tracks.values()) track.flush();
    await queue.drain();
  };
  const timer = setInterval(() => void flush(), everyMs).unref();

  return {
    name: "recorder",
    observe: (info: SessionInfo, observation: SessionObservation) => {
      audio?.observe(info, observation);
      if (observation.type === "input-audio" || observation.type === "output-audio")
        return tracks.get(info.sessionId)?.observe(observation);
      trackOf(info).observe(observation);
      if (observation.type === "ended") tracks.delete(info.sessionId);
    },
    get live() {
      return [...tracks.keys()];
    },
    get backlog() {
      return backlog();
    },
    touchAudio: async () => audio?.touch(backlog() === 0),
    forget: (org) => {
      settings.forget(org);
      prices.forget(org);
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await audio?.close();
      for (const track of tracks.values()) track.flush();
      await queue.close();
      await audio?.close();
    },
  };
}

/** An operation as the organisation wants it written down, or undefined. */
function asWanted(operation: Operation, settings: RecordingSettings): Operation | undefined {
  const { recordTranscripts, recordEvents } = settings;
  if (operation.type === "event" && !(recordEvents && recordTranscripts)) return undefined;
  return recordTranscripts ? operation : withoutWords(operation);
}

/** That there was an item, and when, but not what it said. */
function withoutWords(operation: Operation): Operation {
  if (operation.type === "tool-call") return { ...operation, row: { ...operation.row, problem: null } };
  if (operation.type === "item") return { ...operation, row: { ...operation.row, content: {}, transcript: "" } };
  if (operation.type !== "change") return operation;
  const { preview: _preview, config: _config, ...set } = operation.set;
  return { ...operation, set };
}
