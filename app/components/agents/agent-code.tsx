"use client";
import { SnippetChooser } from "../ui/snippet-chooser";
import type { Agent } from "./draft";

/** The agent from a program: by its prompt id, so that it is always the version in use, with its tools and limits. */
export function AgentCode({ agent: { id, config } }: { readonly agent: Agent }) {
  const variables = Object.keys(config.variables).length === 0 ? {} : { variables: config.variables };
  return (
    <SnippetChooser model={config.model ?? undefined} session={{ type: "realtime", prompt: { id, ...variables } }} />
  );
}
