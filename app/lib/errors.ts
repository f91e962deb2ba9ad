/** What a failed request says to the person at the page. */
import { TRPCClientError } from "@trpc/client";

export interface ErrorData {
  /** What is wrong with which field of the input, by its path. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What kind of refusal it is; see the error mapper. */
  readonly code?: string;
}

function dataOf(error: unknown): ErrorData {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined;
  return typeof data === "object" && data !== null ? data : {};
}

/** By field; empty when the fields are not to blame. */
export function fieldErrors(error: unknown): Readonly<Record<string, string | undefined>> {
  return dataOf(error).fields ?? {};
}

/** What is wrong with none of the `shown` fields. Undefined: nothing. */
export function problemOf(error: unknown, shown: readonly string[] = []): string | undefined {
  if (error === null || error === undefined) return undefined;
  const { fields } = dataOf(error);
  if (fields === undefined) return messageOf(error);
  const others = Object.entries(fields).filter(([path]) => shown.length > 0 && !shown.includes(path));
  return others.length === 0 ? undefined : others.map(([path, message]) => `${path}: ${message}`).join(" ");
}

export function messageOf(error: unknown): string {
  if (error instanceof TRPCClientError) {
    const { code } = dataOf(error);
    return code === undefined ? "The server does not answer. Try again in a moment." : error.message;
  }
  return error instanceof Error ? error.message : "Something went wrong.";
}
