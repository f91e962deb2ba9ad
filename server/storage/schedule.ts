/** How often each of the storage's jobs runs, in milliseconds. */
export const EVERY_MS = {
  /** Keys revoked at another server: their sessions here end within 5 s, the job's own time included. */
  keys: 3_000,
  /** Sessions that were ended at another server. */
  ends: 3_000,
  webhooks: 5_000,
  budgets: 60_000,
  /** Signs of life of what runs here, and the end of what gives none. */
  life: 30_000,
  retention: 60 * 60 * 1000,
  /** Deleted audio that is still to go. */
  audio: 60_000,
  /** Signs of life of what is recorded here. */
  recordings: 60_000,
  /** Audio that a process left behind. */
  rescue: 60_000,
};

export type JobName = keyof typeof EVERY_MS;
export type Schedule = Readonly<Record<JobName, number>>;
