"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { type AgentConfig, fromAgent, type LoadedSetup, type StoredTool } from "../../lib/playground/agent-setup";
import type { ModelPrices } from "../../lib/playground/cost";
import type { Playground } from "../../lib/playground/playground";
import { useTRPC, useTRPCClient } from "../../lib/trpc";
import { useViewer } from "../shell/viewer";

/** What there is to choose from. Empty while it is on its way: nothing of it is needed to talk. */
export interface Offer {
  readonly models: readonly string[];
  readonly voices: readonly string[];
  readonly prices: readonly ModelPrices[];
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  /** Those of the organisation; undefined while they are on their way. */
  readonly tools: readonly StoredTool[] | undefined;
  readonly mayEditAgents: boolean;
  /** An agent's configuration, as a setup. */
  load(agentId: string): Promise<LoadedSetup>;
}

export function useOffer(): Offer {
  const trpc = useTRPC();
  const load = useLoadAgent();
  const { scopes } = useViewer();
  const server = useQuery(trpc.playground.offer.queryOptions());
  const agents = useQuery(trpc.agents.list.queryOptions());
  const tools = useQuery(trpc.tools.list.queryOptions());
  const prices = useQuery(trpc.prices.list.queryOptions());
  return {
    models: server.data?.models ?? [],
    voices: server.data?.voices ?? [],
    agents: agents.data ?? [],
    tools: tools.data,
    prices: prices.data ?? [],
    mayEditAgents: scopes.includes("agents:write"),
    load: async (agentId) => (await load(agentId)).loaded,
  };
}

export interface LoadedAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly config: AgentConfig;
}

/** Begins with the agent that the address names, as the agent's own page links it. */
export function useAgentFromAddress(playground: Playground): LoadedAgent | undefined {
  const id = useSearchParams().get("agent");
  const load = useLoadAgent();
  const [agent, setAgent] = useState<LoadedAgent>();
  useEffect(() => {
    if (id === null) return;
    let stale = false;
    load(id).then(
      ({ loaded, ...found }) => {
        if (stale) return;
        playground.load(loaded);
        setAgent(found);
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
    // Loaded once: what is changed afterwards is the visitor's.
  }, [id, playground]);
  return agent;
}

function useLoadAgent() {
  const client = useTRPCClient();
  return async (id: string): Promise<LoadedAgent & { readonly loaded: LoadedSetup }> => {
    const [agent, tools] = await Promise.all([client.agents.get.query({ id }), client.tools.list.query()]);
    return { ...agent, loaded: fromAgent(agent.config, tools) };
  };
}
