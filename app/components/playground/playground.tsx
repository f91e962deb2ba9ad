"use client";
import { useMemo, useState } from "react";
import { useRealtime } from "../../lib/playground/use-realtime";
import { useShortcuts } from "../../lib/playground/use-shortcuts";
import { CodePanel } from "./code-panel";
import { Controls } from "./controls";
import { EventPanel } from "./event-panel";
import { Header } from "./header";
import { Segmented } from "./segmented";
import { SessionFacts } from "./session-facts";
import { SettingsPanel } from "./settings-panel";
import { Transcript } from "./transcript";
import { type Offer, useAgent, useOffer } from "./use-offer";
import { Welcome } from "./welcome";

type Panel = "settings" | "events" | "code";

const PANELS = [
  { value: "settings", label: "Settings" },
  { value: "events", label: "Events" },
  { value: "code", label: "Code" },
] as const;
const VIEWS = [{ value: "conversation", label: "Talk" }, ...PANELS] as const;

export function Playground() {
  const { state, playground } = useRealtime();
  const offer = useOffer();
  const { agent, choose: chooseAgent, saved } = useAgent(playground);
  const [panel, setPanel] = useState<Panel>("settings");
  /** Narrow screens show one thing at a time. */
  const [talking, setTalking] = useState(true);
  const shortcuts = useMemo(
    () => ({
      onPress: () => playground.press(),
      onRelease: () => playground.release(),
      onEscape: () => playground.escape(),
    }),
    [playground],
  );
  useShortcuts(shortcuts);

  const choose = (view: Panel | "conversation"): void => {
    setTalking(view === "conversation");
    if (view !== "conversation") setPanel(view);
  };
  const started = state.conversation.session !== undefined;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Header state={state} playground={playground} offer={offer} agent={agent} onSaved={saved} />
      <nav aria-label="Views" className="shrink-0 border-b border-line px-4 py-2.5 xl:hidden">
        <Segmented
          label="View"
          name="view"
          value={talking ? "conversation" : panel}
          options={VIEWS}
          onChange={choose}
          className="flex w-full"
        />
      </nav>
      <div className="flex min-h-0 flex-1">
        <div className={`min-w-0 flex-1 flex-col xl:flex ${talking ? "flex" : "hidden"}`}>
          {started ? (
            <>
              <Transcript state={state} playground={playground} />
              <Controls state={state} playground={playground} />
            </>
          ) : (
            <Welcome state={state} playground={playground} />
          )}
        </div>
        <aside
          aria-label="Settings, events and code"
          className={`min-w-0 flex-1 flex-col border-line bg-surface xl:flex xl:w-[27rem] xl:flex-none xl:border-l 2xl:w-[32rem] ${talking ? "hidden" : "flex"}`}
        >
          <div className="hidden shrink-0 border-b border-line px-5 py-2.5 xl:block">
            <Segmented
              label="Panel"
              name="panel"
              value={panel}
              options={PANELS}
              onChange={choose}
              className="flex w-full"
            />
          </div>
          <PanelBody
            panel={panel}
            state={state}
            playground={playground}
            offer={offer}
            onAgent={(id) => void chooseAgent(id)}
          />
        </aside>
      </div>
    </div>
  );
}

interface PanelBodyProps extends Pick<ReturnType<typeof useRealtime>, "state" | "playground"> {
  readonly panel: Panel;
  readonly offer: Offer;
  readonly onAgent: (id: string) => void;
}

function PanelBody({ panel, state, playground, offer, onAgent }: PanelBodyProps) {
  switch (panel) {
    case "settings":
      return <SettingsPanel state={state} playground={playground} offer={offer} onAgent={onAgent} />;
    case "events":
      return (
        <>
          <SessionFacts state={state} prices={offer.prices} />
          <EventPanel log={state.log} onClear={() => playground.clearLog()} />
        </>
      );
    case "code":
      return <CodePanel state={state} />;
    default:
      return panel satisfies never;
  }
}
