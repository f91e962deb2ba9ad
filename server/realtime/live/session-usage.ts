/** Adds up what the responses of a session cost. */
import type { ResponseUsage } from "../protocol/responses";
import { totalOf } from "../session/usage";

export const noUsage = (): ResponseUsage => totalOf({});

export function addUsage(sum: ResponseUsage, more: ResponseUsage | null): ResponseUsage {
  return more === null ? sum : addNumbers(sum, more);
}

/** Adds number by number, at every level. */
function addNumbers<T extends object>(a: T, b: T): T {
  return Object.fromEntries(
    Object.entries(a).map(([key, value]: [string, unknown]) => {
      const other: unknown = Reflect.get(b, key);
      if (typeof value === "number") return [key, value + (typeof other === "number" ? other : 0)];
      const isObject = typeof value === "object" && value !== null && typeof other === "object" && other !== null;
      return [key, isObject ? addNumbers(value, other) : value];
    }),
  ) as T;
}
