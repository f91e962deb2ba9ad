/** Lists in pages, in the official shape: `?limit=` and `?after=` the id of the last one seen. */
import { errors } from "../protocol/errors";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** @throws ProtocolError for anything but a whole number from 1 to 100. */
export function readLimit(query: URLSearchParams): number {
  const given = query.get("limit");
  if (given === null) return DEFAULT_LIMIT;
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1 || limit > MAX_LIMIT)
    throw errors.invalidValue("limit", `Invalid 'limit': expected a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

/** The first `limit` of what is left, and whether there is more. */
export function toPage<T extends { readonly id: string }>(rest: readonly T[], limit: number) {
  const data = rest.slice(0, limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: rest.length > limit,
  };
}
