"use client";
import { useQuery } from "@tanstack/react-query";
import { fromAgent } from "../../lib/playground/agent-setup";
import { toSession } from "../../lib/playground/setup";
import { useTRPC } from "../../lib/trpc";
import { SnippetChooser } from "../ui/snippet-chooser";
import type { Agent } from "./draft";

/** The agent from a program. */
export function AgentCode({ agent }: { readonly agent: Agent }) {
  const trpc = useTRPC();
  const tools = useQuery(trpc.tools.list.queryOptions());
  const { setup, mode } = fromAgent(agent.config, tools.data ?? []);
  return <SnippetChooser model={setup.model} session={toSession(setup, mode ?? "hands-free")} />;
}
