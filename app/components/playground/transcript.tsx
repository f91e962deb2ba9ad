"use client";
import { useMemo } from "react";
import { shownTurns } from "../../lib/playground/conversation-state";
import type { Turn } from "../../lib/playground/conversation-types";
import type { CutPart } from "../../lib/playground/playback-timeline";
import type { Playground } from "../../lib/playground/playground";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import type { TalkMode } from "../../lib/playground/setup";
import { useStickToBottom } from "../../lib/use-stick-to-bottom";
import { Announcer } from "./announcer";
import { TurnView, type TurnViewProps } from "./turn-view";

interface TranscriptProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

export function Transcript({ state, playground }: TranscriptProps) {
  const turns = shownTurns(state.conversation.turns);
  const live = state.connection.state === "open";
  const answers = useMemo(() => (live ? answersTo(playground) : undefined), [live, playground]);
  const list = useStickToBottom<HTMLDivElement>(state.conversation.turns);
  return (
    <section aria-label="Conversation" className="flex min-h-0 flex-1 flex-col">
      <div ref={list} tabIndex={0} className="flex-1 overflow-y-auto overscroll-contain px-4 -outline-offset-2 lg:px-6">
        <div className="mx-auto flex min-h-full max-w-3xl flex-col pt-6 pb-16">
          {turns.every(({ kind }) => kind === "mcp-list") && (
            <Suggestions
              mode={state.mode}
              runsOn={state.server?.engine}
              live={live}
              onPick={(text) => playground.sendText(text)}
            />
          )}
          {turns.length > 0 && (
            <ol className="mt-auto space-y-5">
              {turns.map((turn) => (
                <li key={turn.id}>
                  <TurnView turn={turn} heardMs={heardOf(turn, state.playing)} {...answers} />
                </li>
              ))}
            </ol>
          )}
        </div>
      </div>
      <Announcer turns={turns} />
    </section>
  );
}

function answersTo(playground: Playground): Pick<TurnViewProps, "onAnswer" | "onApprove"> {
  return {
    onAnswer: (callId, output) => playground.answerTool(callId, output),
    onApprove: (requestId, answer) => playground.approve(requestId, answer),
  };
}

/** How much of a turn was heard, while it sounds. */
function heardOf(turn: Turn, playing: CutPart | undefined): number | undefined {
  return turn.kind === "assistant" && playing !== undefined && playing.itemId === turn.itemId
    ? playing.heardMs
    : undefined;
}

/** All of these are answered by the built-in responder too, with no model connected. */
const EXAMPLES = ["Hello, who are you?", "What time is it?", "What is 12 times 7?", "Count from one to ten."];

interface SuggestionsProps {
  readonly mode: TalkMode;
  /** What hears, thinks and speaks, if the server told. */
  readonly runsOn: string | undefined;
  readonly live: boolean;
  readonly onPick: (text: string) => void;
}

function Suggestions({ mode, runsOn, live, onPick }: SuggestionsProps) {
  return (
    <div className="appear m-auto max-w-md text-center">
      <h2 className="font-serif text-2xl tracking-tight">You begin</h2>
      <p className="mt-2 leading-6 text-ink-soft">
        {mode === "hold"
          ? "Hold the button below (or the space bar), say something, and let go."
          : "Just speak, and pause when you are done. You may interrupt the reply."}{" "}
        Or start with one of these:
      </p>
      <ul className="mt-5 flex flex-wrap justify-center gap-2">
        {EXAMPLES.map((text) => (
          <li key={text}>
            <button
              type="button"
              disabled={!live}
              onClick={() => onPick(text)}
              className="h-10 rounded-full border border-line bg-surface px-4 text-sm transition-colors hover:border-line-strong disabled:opacity-45"
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
      {runsOn !== undefined && <p className="mt-6 text-xs text-ink-faint">This server runs on {runsOn}.</p>}
    </div>
  );
}
