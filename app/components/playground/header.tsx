"use client";
import Link from "next/link";
import type { Playground } from "../../lib/playground/playground";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import { spentIn } from "../../lib/playground/cost";
import { count, money } from "../../lib/format";
import { Button } from "../ui/button";
import { SaveAgent } from "./save-agent";
import { StatusBadge } from "./status-badge";
import type { LoadedAgent, Offer } from "./use-offer";

interface HeaderProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
  readonly offer: Offer;
  readonly agent: LoadedAgent | undefined;
  readonly onSaved: (version: number) => void;
}

export function Header({ state, playground, offer, agent, onSaved }: HeaderProps) {
  const live = state.connection.state === "open";
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 xl:px-6">
      <h1 className="flex min-w-0 flex-1 items-baseline gap-2.5 font-serif text-xl tracking-tight">
        <span className="truncate">{agent === undefined ? "Playground" : agent.name}</span>
        {agent !== undefined && (
          <Link
            href={`/agents/${agent.id}`}
            className="shrink-0 rounded font-sans text-xs tracking-normal text-ink-faint hover:text-ink hover:underline"
          >
            agent, version {agent.version}
          </Link>
        )}
      </h1>
      <Figures state={state} offer={offer} />
      <StatusBadge status={state.connection} />
      <div className="flex items-center gap-1">
        {offer.mayEditAgents && <SaveAgent state={state} agent={agent} tools={offer.tools ?? []} onSaved={onSaved} />}
        {live && (
          <Button look="ghost" className="px-2.5" onClick={() => playground.disconnect()}>
            Disconnect
          </Button>
        )}
      </div>
    </header>
  );
}

/** What this session took so far. */
function Figures({ state, offer }: { readonly state: PlaygroundState; readonly offer: Offer }) {
  const spent = spentIn(state.conversation, offer.prices);
  if (spent === undefined) return null;
  return (
    <p className="text-xs text-ink-faint tabular-nums max-sm:hidden">
      {count(spent.tokens)} tokens
      {spent.cost !== undefined && <>, {money(spent.cost)}</>}
    </p>
  );
}
