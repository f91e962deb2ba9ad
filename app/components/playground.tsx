"use client";
import { useMemo, useState } from "react";
import { wantsKey } from "../lib/problems";
import { useRealtime } from "../lib/use-realtime";
import { useShortcuts } from "../lib/use-shortcuts";
import { Controls } from "./controls";
import { EventPanel } from "./event-panel";
import { Header } from "./header";
import { Segmented } from "./segmented";
import { SessionFacts } from "./session-facts";
import { Transcript } from "./transcript";
import { Welcome } from "./welcome";

type View = "conversation" | "events";

const VIEWS = [
  { value: "conversation", label: "Conversation" },
  { value: "events", label: "Events" },
] as const;

export function Playground() {
  const { state, playground, connectWithKey } = useRealtime();
  const [view, setView] = useState<View>("conversation");
  const shortcuts = useMemo(
    () => ({
      onPress: () => playground.press(),
      onRelease: () => playground.release(),
      onEscape: () => playground.escape(),
    }),
    [playground],
  );
  useShortcuts(shortcuts);

  const { connection, conversation } = state;
  const problem = "problem" in connection ? connection.problem : undefined;
  const started = conversation.session !== undefined && !wantsKey(problem);
  return (
    <div className="flex h-dvh flex-col">
      <Header state={state} playground={playground} />
      <nav aria-label="Views" className="border-b border-line px-4 pb-3 lg:hidden">
        <Segmented label="View" name="view" value={view} options={VIEWS} onChange={setView} className="flex w-full" />
      </nav>
      <div className="flex min-h-0 flex-1">
        <main className={`min-w-0 flex-1 flex-col lg:flex ${view === "conversation" ? "flex" : "hidden"}`}>
          {started ? (
            <>
              <Transcript state={state} playground={playground} />
              <Controls state={state} playground={playground} />
            </>
          ) : (
            <Welcome state={state} playground={playground} onKey={connectWithKey} />
          )}
        </main>
        <aside
          aria-label="Session and events"
          className={`min-w-0 flex-1 flex-col border-line bg-surface lg:flex lg:w-[26rem] lg:flex-none lg:border-l xl:w-[32rem] ${view === "events" ? "flex" : "hidden"}`}
        >
          <SessionFacts state={state} />
          <EventPanel log={state.log} onClear={() => playground.clearLog()} />
        </aside>
      </div>
    </div>
  );
}
