"use client";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const SPANS = ["day", "week", "month"] as const;
const DAYS: Readonly<Record<(typeof SPANS)[number], number>> = { day: 1, week: 7, month: 30 };

const parsers = {
  search: parseAsString.withDefault(""),
  status: parseAsStringLiteral(["live", "ended"] as const),
  span: parseAsStringLiteral(SPANS),
  agent: parseAsString,
  key: parseAsString,
  model: parseAsString,
  errors: parseAsBoolean.withDefault(false),
  audio: parseAsBoolean.withDefault(false),
};

/** The filters live in the address, so that a list can be passed on as a link. */
export function useSessionFilters() {
  const [values, set] = useQueryStates(parsers, { throttleMs: 300 });
  const { search, status, span, agent, key, model, errors, audio } = values;
  const filters = {
    ...(search.trim() === "" ? {} : { search: search.trim().slice(0, 200) }),
    ...(status === null ? {} : { status }),
    ...(span === null ? {} : { from: startOf(DAYS[span]) }),
    ...(agent === null ? {} : { agentId: agent }),
    ...(key === null ? {} : { keyId: key }),
    ...(model === null ? {} : { model }),
    ...(errors ? { hasErrors: true } : {}),
    ...(audio ? { hasAudio: true } : {}),
  };
  return { values, set, filters, isFiltered: Object.keys(filters).length > 0, clear: () => void set(null) };
}

/** To the hour, so that the same list is not asked for under another name each time. */
function startOf(days: number): Date {
  const hour = 3_600_000;
  return new Date(Math.floor(Date.now() / hour) * hour - days * 24 * hour);
}
