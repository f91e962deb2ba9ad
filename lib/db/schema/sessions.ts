/** What was recorded of conversations. Times ending in `Ms` count from the session's start. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, orgId, time } from "./columns";

/** Millionths of the currency that prices are given in. */
const micros = () => bigint({ mode: "number" }).notNull().default(0);
const tokens = () => bigint({ mode: "number" }).notNull().default(0);
const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

export const realtimeSessions = pgTable(
  "realtime_sessions",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    keyId: text(),
    userId: text(),
    agentId: text(),
    agentVersion: integer(),
    model: text().notNull(),
    transport: text().notNull(),
    /** Of one that came as a call: the `rtc_…` that its caller knows it by. */
    callId: text(),
    kind: text().notNull().default("realtime"),
    status: text({ enum: ["live", "ended"] }).notNull(),
    startedAt: time().notNull(),
    endedAt: time(),
    /** Last sign of life: a session whose process died is ended by it. */
    seenAt: time().notNull(),
    /** Somebody wants it ended: seen by the server that holds it. */
    endRequestedAt: time(),
    endCode: integer(),
    endReason: text(),
    durationMs: doublePrecision(),
    config: jsonb(),
    items: integer().notNull().default(0),
    responses: integer().notNull().default(0),
    interruptions: integer().notNull().default(0),
    errors: integer().notNull().default(0),
    inputTokens: tokens(),
    outputTokens: tokens(),
    costMicros: micros(),
    /** Median of the responses' heard latency. */
    heardMs: doublePrecision(),
    /** What the first user turn said, to recognise it by in a list. */
    preview: text(),
    hasAudio: boolean().notNull().default(false),
    hasGaps: boolean().notNull().default(false),
    /** Its texts are gone, by retention. */
    purgedAt: time(),
  },
  // Lists read them backwards. An index with DESC would have its nulls elsewhere than ORDER BY … DESC, and never be used.
  (table) => [
    index().on(table.orgId, table.startedAt, table.id),
    index().on(table.orgId, table.agentId, table.startedAt),
    index().on(table.orgId, table.keyId, table.startedAt),
    index().on(table.orgId, table.model, table.startedAt),
    index("realtime_sessions_call_index")
      .on(table.callId)
      .where(sql`call_id is not null`),
    index("realtime_sessions_live_index")
      .on(table.orgId, table.seenAt)
      .where(sql`status = 'live'`),
  ],
);

/** What came of a call; `arguments`: they did not fit; `denied`: by a person; `unanswered`: the session ended first. */
export const TOOL_OUTCOMES = [
  "ok",
  "arguments",
  "threw",
  "timeout",
  "too_large",
  "cancelled",
  "denied",
  "unanswered",
] as const;

const sessionId = () =>
  text()
    .notNull()
    .references(() => realtimeSessions.id, { onDelete: "cascade" });

export const conversations = pgTable(
  "conversations",
  { id: text().primaryKey(), orgId: orgId(), sessionId: sessionId(), createdAt: createdAt() },
  (table) => [index().on(table.sessionId)],
);

export const items = pgTable(
  "items",
  {
    sessionId: sessionId(),
    /** Unique in its session only: clients may choose it. */
    id: text().notNull(),
    orgId: orgId(),
    responseId: text(),
    previousItemId: text(),
    /** In the order in which items came; the conversation's own order follows `previousItemId`. */
    position: integer().notNull(),
    type: text().notNull(),
    role: text(),
    status: text(),
    content: jsonb().notNull(),
    transcript: text().notNull().default(""),
    atMs: doublePrecision().notNull(),
    doneMs: doublePrecision(),
    /** When it was spoken: the user's while it came in, the assistant's as it can have been heard. Null: it was written. */
    saidFromMs: doublePrecision(),
    saidToMs: doublePrecision(),
    interrupted: boolean().notNull().default(false),
    /** How much of its audio was heard, where it was cut short. */
    heardMs: doublePrecision(),
    deleted: boolean().notNull().default(false),
    search: tsvector().generatedAlwaysAs(sql`to_tsvector('simple', transcript)`),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.id] }),
    index().on(table.sessionId, table.position),
    index("items_search_index").using("gin", table.search),
  ],
);

export const responses = pgTable(
  "responses",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    sessionId: sessionId(),
    model: text().notNull(),
    status: text().notNull(),
    statusDetails: jsonb(),
    usage: jsonb(),
    inputTokens: tokens(),
    outputTokens: tokens(),
    costMicros: micros(),
    speechStoppedMs: doublePrecision(),
    transcribedMs: doublePrecision(),
    createdMs: doublePrecision().notNull(),
    firstTokenMs: doublePrecision(),
    firstAudioMs: doublePrecision(),
    doneMs: doublePrecision(),
    /** From the end of speech (or the request) to the first audio, or the first word where there is none. */
    heardMs: doublePrecision(),
    at: time().notNull(),
  },
  (table) => [index().on(table.sessionId, table.createdMs), index().on(table.orgId, table.at)],
);

/** Every call of a tool that was made, whoever answered it. */
export const toolCalls = pgTable(
  "tool_calls",
  {
    sessionId: sessionId(),
    /** The call's id; for an MCP call its item's. */
    id: text().notNull(),
    orgId: orgId(),
    by: text({ enum: ["client", "server", "mcp"] }).notNull(),
    /** Label of the MCP server; empty for others. */
    server: text().notNull().default(""),
    name: text().notNull(),
    outcome: text({ enum: TOOL_OUTCOMES }).notNull(),
    /** Of an MCP server's failure, in its words. */
    problem: text(),
    /** Until it was answered; null where nothing was asked. */
    durationMs: doublePrecision(),
    at: time().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.id] }),
    index().on(table.orgId, table.at),
    index().on(table.orgId, table.by, table.server, table.name, table.at),
  ],
);

/** Events as they went over the wire, without audio. */
export const sessionEvents = pgTable(
  "session_events",
  {
    sessionId: sessionId(),
    seq: integer().notNull(),
    orgId: orgId(),
    direction: text({ enum: ["in", "out", "note"] }).notNull(),
    type: text().notNull(),
    atMs: doublePrecision().notNull(),
    payload: jsonb().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.seq] })],
);

export const recordings = pgTable(
  "recordings",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    sessionId: sessionId(),
    side: text({ enum: ["input", "output"] }).notNull(),
    format: text().notNull(),
    sampleRate: integer().notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    durationMs: doublePrecision().notNull(),
    /** How loud it gets, piece by piece, each from 0 to 100: its waveform, without reading it. */
    peaks: jsonb().$type<readonly number[]>(),
    /** `file` under DATA_DIR, or `s3`; `path` is the file's or the object's. */
    store: text({ enum: ["file", "s3"] }).notNull(),
    path: text().notNull(),
    /** Of a file: whose DATA_DIR it lies in. Null: in a bucket, or not known. */
    place: text(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex().on(table.sessionId, table.side), index().on(table.orgId, table.createdAt)],
);

/** Files and objects whose recordings are deleted and which are still to go: a row is there until its file is not. */
export const audioDeletions = pgTable(
  "audio_deletions",
  {
    /** The recording's. */
    id: text().primaryKey(),
    orgId: orgId(),
    store: text({ enum: ["file", "s3"] }).notNull(),
    path: text().notNull(),
    place: text(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: createdAt(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.orgId), index().on(table.nextAttemptAt)],
);

/** What recording lost, and why: nothing is lost in silence. */
export const recordingGaps = pgTable(
  "recording_gaps",
  {
    id: text().primaryKey(),
    orgId: orgId(),
    sessionId: text(),
    from: time().notNull(),
    to: time().notNull(),
    lost: integer().notNull(),
    reason: text().notNull(),
  },
  (table) => [index().on(table.orgId, table.from), index().on(table.sessionId)],
);

/** Batches that are written: one whose answer was lost is not written twice. */
export const recordedBatches = pgTable("recorded_batches", {
  id: text().primaryKey(),
  at: createdAt(),
});
