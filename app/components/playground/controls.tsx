"use client";
import { useCallback } from "react";
import { isReplying } from "../../lib/playground/conversation-state";
import type { Playground } from "../../lib/playground/playground";
import { chosenVoice, offeredVoices, type PlaygroundState } from "../../lib/playground/playground-state";
import { Button } from "../ui/button";
import { Composer } from "./composer";
import { HandsFree } from "./hands-free";
import { StopIcon } from "../icons";
import { NoticeBar } from "./notice-bar";
import { OfflineRow } from "./offline-row";
import { Segmented } from "./segmented";
import { TalkButton } from "./talk-button";
import { VoicePicker } from "./voice-picker";

interface ControlsProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

export const MODES = [
  { value: "hold", label: "Hold to talk" },
  { value: "hands-free", label: "Hands-free" },
] as const;

/** Everything one talks with. Its height is the same in every state, so that the transcript never jumps. */
export function Controls({ state, playground }: ControlsProps) {
  const live = state.connection.state === "open";
  return (
    <section
      aria-label="Controls"
      className="relative border-t border-line bg-paper px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] lg:px-6 lg:pb-5"
    >
      <NoticeBar notice={live ? state.notice : undefined} playground={playground} />
      <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-2.5">
        <div className="flex items-center justify-between gap-2">
          <Segmented
            label="How to talk"
            name="mode"
            value={state.mode}
            options={MODES}
            onChange={(mode) => playground.setMode(mode)}
          />
          <VoicePicker
            voice={chosenVoice(state)}
            voices={offeredVoices(state)}
            disabled={!live}
            onChange={(voice) => playground.setVoice(voice)}
          />
        </div>
        <div className="flex h-14 gap-2.5">
          {state.connection.state === "open" ? (
            <Talk state={state} playground={playground} />
          ) : (
            <OfflineRow status={state.connection} onConnect={() => playground.connect()} />
          )}
        </div>
        <Composer
          disabled={!live}
          onSend={(text, images) => playground.sendText(text, images)}
          onProblem={(words) => playground.tellProblem(words)}
        />
      </div>
    </section>
  );
}

function Talk({ state, playground }: ControlsProps) {
  const stoppable = state.playing !== undefined || isReplying(state.conversation);
  const readLevel = useCallback(() => playground.level, [playground]);
  return (
    <>
      {state.mode === "hold" ? (
        <TalkButton
          talking={state.talking}
          asking={state.microphone.state === "asking"}
          readLevel={readLevel}
          onPress={() => playground.press()}
          onRelease={() => playground.release()}
        />
      ) : (
        <HandsFree
          state={state}
          readLevel={readLevel}
          onMute={(muted) => playground.setMuted(muted)}
          onRetry={() => playground.retryMicrophone()}
        />
      )}
      <Button
        look="secondary"
        className="h-14 rounded-2xl px-4 font-normal"
        disabled={!stoppable}
        onClick={() => playground.interrupt()}
        aria-keyshortcuts="Escape"
      >
        <StopIcon />
        Stop
        <Key name="Esc" />
      </Button>
    </>
  );
}

/** A key's name, where there is a keyboard and room for it. */
export function Key({ name }: { readonly name: string }) {
  return (
    <kbd
      aria-hidden="true"
      className="hidden rounded border border-current/25 px-1.5 py-0.5 font-sans text-[0.6875rem] leading-none opacity-90 pointer-fine:sm:inline"
    >
      {name}
    </kbd>
  );
}
