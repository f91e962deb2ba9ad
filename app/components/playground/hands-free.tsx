"use client";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import { Button } from "../ui/button";
import { MicrophoneIcon, MutedIcon } from "../icons";
import { LevelMeter } from "./level-meter";

interface HandsFreeProps {
  readonly state: PlaygroundState;
  readonly readLevel: () => number;
  readonly onMute: (muted: boolean) => void;
  readonly onRetry: () => void;
}

/** Stands where the talk button stands, in the same size: who has the turn, how loud it is, and a mute button. */
export function HandsFree({ state, readLevel, onMute, onRetry }: HandsFreeProps) {
  const { muted, microphone } = state;
  const on = microphone.state === "on";
  return (
    <div className="flex h-14 min-w-0 flex-1 items-center gap-3 rounded-2xl border border-line bg-surface pr-1.5 pl-4">
      <LevelMeter read={readLevel} className={on && !muted ? "text-vermilion" : "text-ink-faint"} />
      <span className="min-w-0 flex-1 truncate font-medium" role="status">
        {handsFreeLabel(state)}
      </span>
      {microphone.state === "failed" ? (
        <Button look="ghost" className="h-11 px-3" onClick={onRetry}>
          <MicrophoneIcon />
          Try again
        </Button>
      ) : (
        <Button
          look="ghost"
          className="h-11 w-11 sm:w-24"
          disabled={!on}
          aria-pressed={muted}
          onClick={() => onMute(!muted)}
        >
          {muted ? <MutedIcon /> : <MicrophoneIcon />}
          <span className="max-sm:sr-only">{muted ? "Unmute" : "Mute"}</span>
        </Button>
      )}
    </div>
  );
}

function handsFreeLabel({ microphone, muted, playing, conversation }: PlaygroundState): string {
  switch (microphone.state) {
    case "asking":
      return "Allow the microphone…";
    case "failed":
      return "No microphone";
    case "off":
      return "Opening the microphone…";
    case "on":
      if (muted) return "Muted";
      if (conversation.turns.some((turn) => turn.kind === "user" && turn.status === "listening")) return "Hearing you";
      return playing === undefined ? "Listening" : "Speak to interrupt";
    default:
      return microphone satisfies never;
  }
}
