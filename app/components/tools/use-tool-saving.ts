"use client";
import { useMutation } from "@tanstack/react-query";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";

interface Saving {
  /** What it is called, at the beginning of a sentence. */
  readonly what: string;
  /** The fields that show their own errors, by path. */
  readonly fields: readonly string[];
  readonly onMade: (made: { readonly id: string; readonly secret: string | undefined }) => unknown;
  readonly onSaved: () => void;
}

/** Making and changing tools of any kind: lists and pages are read anew, errors come by field. */
export function useToolSaving({ what, fields, onMade, onSaved }: Saving) {
  const trpc = useTRPC();
  const done = useDone();
  const keys = [trpc.tools.pathKey(), trpc.mcpServers.pathKey()];
  const create = useMutation(
    trpc.tools.create.mutationOptions({
      onSuccess: async (made) => {
        await done(keys, `${what} is made.`);
        await onMade(made);
      },
    }),
  );
  const update = useMutation(
    trpc.tools.update.mutationOptions({
      onSuccess: async () => {
        await done(keys, `${what} is saved.`);
        onSaved();
      },
    }),
  );
  const error = create.error ?? update.error;
  const errors: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([path, message]) => [path.replace(/^tool\./, ""), message]),
  );
  const shown = Object.keys(errors).some((path) => fields.some((field) => path.startsWith(field)));
  return {
    create,
    update,
    errors,
    problem: shown ? undefined : problemOf(error, ["-"]),
    busy: create.isPending || update.isPending,
  };
}

/** Deletes a tool of any kind; rejects when an agent still uses it. */
export function useToolRemoval(name: string, onGone: () => void) {
  const trpc = useTRPC();
  const done = useDone();
  return useMutation(
    trpc.tools.remove.mutationOptions({
      onSuccess: async () => {
        onGone();
        await done([trpc.tools.list.pathKey(), trpc.mcpServers.list.pathKey()], `${name} is deleted.`);
      },
      onError: tellFailure,
    }),
  );
}
