"use client";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import { toSession } from "../../lib/playground/setup";
import { SnippetChooser } from "../ui/snippet-chooser";

/** The same conversation from a program: exactly what is set on this page. */
export function CodePanel({ state: { setup, mode } }: { readonly state: PlaygroundState }) {
  return (
    <section aria-label="Code" className="min-h-0 flex-1 overflow-y-auto px-4 py-5 xl:px-5">
      <SnippetChooser model={setup.model} session={toSession(setup, mode)} />
    </section>
  );
}
