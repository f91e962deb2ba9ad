"use client";
import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { messageOf } from "./errors";

type Key = readonly unknown[];

/** For the end of a mutation: what it changed is read anew, and it is said that it was done. */
export function useDone(): (keys: readonly Key[], words?: string) => Promise<void> {
  const queries = useQueryClient();
  return async (keys, words) => {
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    if (words !== undefined) toast.success(words);
  };
}

/** For mutations without a form: says why it was not done. */
export function tellFailure(error: unknown): void {
  toast.error("That did not work.", { description: messageOf(error) });
}
