/** Long lists come in pages: newest first, and a cursor that says where the last page ended. */
import { z } from "zod";
import { invalid } from "./errors";

export const pageInput = {
  limit: z.int().min(1).max(200).default(50),
  /** As the last page gave it. */
  cursor: z.string().max(300).optional(),
};

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined: there are no more. */
  readonly nextCursor: string | undefined;
}

export interface Position {
  readonly at: Date;
  readonly id: string;
}

export function decodeCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [at, ...id] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const time = new Date(at ?? "");
  if (Number.isNaN(time.getTime()) || id.length !== 1) throw invalid("This is no cursor of this list.", "cursor");
  return { at: time, id: id[0] ?? "" };
}

/** `rows` has one more than the page, if there is more. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  map: { readonly position: (row: R) => Position; readonly item: (row: R) => T },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(map.item),
    nextCursor: more ? encodeCursor(map.position(last)) : undefined,
  };
}

function encodeCursor({ at, id }: Position): string {
  return Buffer.from(`${at.toISOString()} ${id}`, "utf8").toString("base64url");
}
