/** The database cannot be used, and the operator can fix it: shown as it is, without a stack. */
export class DatabaseStartError extends Error {
  override readonly name = "DatabaseStartError";
}

/** The SQLSTATE of a refused statement, however drizzle wrapped it, or undefined. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && /^[\dA-Z]{5}$/.test(at.code)) return at.code;
  }
  return undefined;
}

export const UNIQUE_VIOLATION = "23505";

const TRANSIENT = /^(08|57P0|53|40001|40P01)/;
const LOST = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT|CONNECTION_|CONNECT_TIMEOUT)/;

/** Whether the same statement may succeed later: the database is away, starting, full or busy. */
export function isUnavailable(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && (TRANSIENT.test(at.code) || LOST.test(at.code))) return true;
  }
  return false;
}
