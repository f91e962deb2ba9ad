"use client";
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef } from "react";
import { Key } from "./controls";
import { MicrophoneIcon } from "../icons";
import { LevelMeter } from "./level-meter";

interface TalkButtonProps {
  readonly talking: boolean;
  /** The browser is asking for the microphone. */
  readonly asking: boolean;
  readonly readLevel: () => number;
  readonly onPress: () => void;
  readonly onRelease: () => void;
}

/** Held by mouse, finger or Enter (and by the space bar, anywhere on the page). A screen reader's click toggles. */
export function TalkButton({ talking, asking, readLevel, onPress, onRelease }: TalkButtonProps) {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that connected is gone by now; the next thing to use is this one.
    if (document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, []);
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    onPress();
  };
  const isEnter = (event: KeyboardEvent): boolean => event.key === "Enter" && !event.repeat;
  const onClick = (event: MouseEvent): void => {
    // No pointer and no key made this click: assistive technology did, and it cannot hold.
    if (event.detail === 0) (talking ? onRelease : onPress)();
  };
  return (
    <button
      ref={ref}
      type="button"
      data-talk=""
      aria-pressed={talking}
      aria-label="Hold to talk"
      aria-keyshortcuts="Space"
      onPointerDown={onPointerDown}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onLostPointerCapture={onRelease}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.preventDefault();
        if (isEnter(event)) onPress();
      }}
      onKeyUp={(event) => isEnter(event) && onRelease()}
      onBlur={onRelease}
      onClick={onClick}
      onContextMenu={(event) => event.preventDefault()}
      className="flex h-14 min-w-0 flex-1 touch-none items-center justify-center gap-3 rounded-2xl bg-accent-fill px-4 font-medium text-accent-ink transition-colors select-none [-webkit-touch-callout:none] hover:bg-accent-fill-hover aria-pressed:bg-vermilion-fill aria-pressed:text-vermilion-ink"
    >
      {talking ? <LevelMeter read={readLevel} /> : <MicrophoneIcon className="size-5" />}
      <span className="truncate">
        {talking ? "Listening: let go to send" : asking ? "Allow the microphone…" : "Hold to talk"}
      </span>
      {!talking && !asking && <Key name="Space" />}
    </button>
  );
}
