/** Adds up what the responses of a session cost. */
import type { ResponseUsage } from "../protocol/responses";

export function noUsage(): ResponseUsage {
  return {
    total_tokens: 0,
    input_tokens: 0,
    output_tokens: 0,
    input_token_details: {
      text_tokens: 0,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: 0,
      cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: 0, audio_tokens: 0 },
  };
}

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
