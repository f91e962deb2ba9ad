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
}

export function useOffer(): Offer {
  const trpc = useTRPC();
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
  };
}

export interface LoadedAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly latestVersion: number;
  readonly config: AgentConfig;
}

export interface ChosenAgent {
  readonly agent: LoadedAgent | undefined;
  /** Empty: nobody. Rejects never: what cannot be had is told on the page. */
  choose(agentId: string): Promise<void>;
  /** The next save is based on this version. */
  saved(version: number): void;
}

/** The agent that the session runs under; begins with the one that the address names, as the agent's own page links it. */
export function useAgent(playground: Playground): ChosenAgent {
  const params = useSearchParams();
  const [id, asked] = [params.get("agent"), params.get("version")];
  const version = asked === null ? undefined : Number(asked);
  const load = useLoadAgent();
  const [agent, setAgent] = useState<LoadedAgent>();
  const choose = async (agentId: string, at?: number, isStale = () => false): Promise<void> => {
    if (agentId === "") {
      setAgent(undefined);
      playground.load({ setup: { ...playground.store.get().setup, agent: undefined }, mode: undefined });
      return;
    }
    try {
      const { loaded, ...found } = await load(agentId, at);
      if (isStale()) return;
      playground.load(loaded);
      setAgent(found);
    } catch {
      if (!isStale()) playground.tellProblem("This agent could not be loaded. It may have been deleted.");
    }
  };
  useEffect(() => {
    if (id === null) return;
    let stale = false;
    void choose(id, version, () => stale);
    return () => {
      stale = true;
    };
    // Loaded once: what is changed afterwards is the visitor's.
  }, [id, version, playground]);
  const saved = (latestVersion: number): void => setAgent((before) => before && { ...before, latestVersion });
  return { agent, choose, saved };
}

function useLoadAgent() {
  const client = useTRPCClient();
  return async (id: string, version?: number): Promise<LoadedAgent & { readonly loaded: LoadedSetup }> => {
    const [agent, tools, agents] = await Promise.all([
      client.agents.get.query({ id, ...(version !== undefined && { version }) }),
      client.tools.list.query(),
      client.agents.list.query(),
    ]);
    return { ...agent, loaded: fromAgent(agent, { tools, agents }) };
  };
}
