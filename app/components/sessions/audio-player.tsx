"use client";
import { Download, Pause, Play, Volume2, VolumeX } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { length } from "../../lib/format";
import { PairedPlayback } from "../../lib/recording/paired-playback";
import { usePlayback } from "../../lib/recording/use-playback";
import { Button, IconButton } from "../ui/button";
import { cn } from "../ui/cn";
import { Select } from "../ui/input";
import { Menu, MenuItem } from "../ui/menu";
import { Spinner } from "../ui/spinner";
import type { Detail } from "./session-detail";
import { WAVE_HEIGHT, Waveform } from "./waveform";

type Recording = Detail["recordings"][number];
type Side = Recording["side"];

const NAMES: Readonly<Record<Side, string>> = { input: "User", output: "Assistant" };
const INKS: Readonly<Record<Side, string>> = { input: "text-accent", output: "text-vermilion" };
const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

interface AudioPlayerProps {
  readonly recordings: readonly Recording[];
  /** Told once it can be played, and with undefined when it is gone. */
  readonly onPlayback: (playback: PairedPlayback | undefined) => void;
}

/** Both sides of a session, one below the other, heard as one. */
export function AudioPlayer({ recordings, onPlayback }: AudioPlayerProps) {
  const sides = useMemo(
    () => [...recordings].sort((a, b) => a.side.localeCompare(b.side)),
    [recordings.map(({ id }) => id).join()],
  );
  const sounds = useRef(new Map<Side, HTMLAudioElement>());
  const [playback, setPlayback] = useState<PairedPlayback>();
  useEffect(() => {
    const tracks = sides.flatMap(({ side, durationMs }) => {
      const sound = sounds.current.get(side);
      return sound ? [{ sound, durationMs }] : [];
    });
    const made = new PairedPlayback(tracks);
    setPlayback(made);
    onPlayback(made);
    return () => {
      made.close();
      onPlayback(undefined);
    };
  }, [sides, onPlayback]);
  return (
    <section
      aria-label="Recording"
      className="min-w-0 rounded-2xl border border-line bg-surface px-5 py-4 md:sticky md:top-3 md:z-10"
    >
      {sides.map(({ id, sessionId, side }) => (
        <audio
          key={id}
          ref={(sound) => void (sound === null ? sounds.current.delete(side) : sounds.current.set(side, sound))}
          data-side={side}
          preload="metadata"
          src={urlOf(sessionId, side)}
        />
      ))}
      {playback && (
        <>
          <Controls playback={playback} sides={sides} />
          <Timeline playback={playback} sides={sides} sounds={sounds.current} />
        </>
      )}
    </section>
  );
}

function urlOf(sessionId: string, side: Side): string {
  return `/api/recordings/${encodeURIComponent(sessionId)}/${side}`;
}

interface PartProps {
  readonly playback: PairedPlayback;
  readonly sides: readonly Recording[];
}

function Controls({ playback, sides }: PartProps) {
  const status = usePlayback(playback, (state) => state.status);
  const atMs = usePlayback(playback, (state) => Math.floor(state.atMs / 1000) * 1000);
  const isOn = status === "playing" || status === "waiting";
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <IconButton
        look="primary"
        className="rounded-full"
        label={isOn ? "Pause" : "Play the recording"}
        onClick={() => playback.toggle()}
      >
        {isOn ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
      </IconButton>
      <p className="text-sm whitespace-nowrap text-ink-soft tabular-nums">
        <span data-testid="player-time">{length(atMs)}</span>
        <span className="text-ink-faint"> of {length(playback.durationMs)}</span>
      </p>
      {status === "waiting" && (
        <p role="status" className="flex items-center gap-2 text-sm text-ink-faint">
          <Spinner /> Loading
        </p>
      )}
      {status === "failed" && (
        <p role="alert" className="flex items-center gap-3 text-sm text-vermilion">
          The recording could not be played.
          <Button size="sm" onClick={() => playback.play()}>
            Try again
          </Button>
        </p>
      )}
      <div className="ml-auto flex items-center gap-1.5">
        <Speed playback={playback} />
        <Menu
          trigger={
            <IconButton label="Download">
              <Download aria-hidden="true" />
            </IconButton>
          }
        >
          {sides.map(({ id, sessionId, side }) => (
            <MenuItem key={id} href={urlOf(sessionId, side)} download>
              What the {NAMES[side].toLowerCase()} said (WAV)
            </MenuItem>
          ))}
        </Menu>
      </div>
    </div>
  );
}

function Speed({ playback }: Pick<PartProps, "playback">) {
  const [speed, setSpeed] = useState(1);
  return (
    <Select
      aria-label="Speed"
      className="w-22 tabular-nums [&_select]:h-8 [&_select]:pl-3 [&_select]:text-[0.8125rem]"
      value={speed}
      onChange={({ target }) => {
        setSpeed(Number(target.value));
        playback.setRate(Number(target.value));
      }}
    >
      {SPEEDS.map((each) => (
        <option key={each} value={each}>
          {each}×
        </option>
      ))}
    </Select>
  );
}

const STEP_MS = 5_000;
const LEAP_MS = 30_000;

/** Where each key leads, in milliseconds; undefined for those that lead nowhere. */
function destination(key: string, { atMs, durationMs }: { readonly atMs: number; readonly durationMs: number }) {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return atMs - STEP_MS;
    case "ArrowRight":
    case "ArrowUp":
      return atMs + STEP_MS;
    case "PageDown":
      return atMs - LEAP_MS;
    case "PageUp":
      return atMs + LEAP_MS;
    case "Home":
      return 0;
    case "End":
      return durationMs;
    default:
      return undefined;
  }
}

function Timeline({ playback, sides, sounds }: PartProps & { readonly sounds: ReadonlyMap<Side, HTMLAudioElement> }) {
  const seconds = usePlayback(playback, (state) => Math.floor(state.atMs / 1000));
  const { durationMs } = playback;
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = destination(event.key, { atMs: playback.nowMs, durationMs });
    if (event.key === " ") playback.toggle();
    else if (to !== undefined) playback.seek(to);
    else return;
    event.preventDefault();
  };
  return (
    <div className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
      <div className="grid">
        {sides.map(({ id, side }) => (
          <Mute key={id} name={NAMES[side]} ink={INKS[side]} sound={sounds.get(side)} />
        ))}
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label="Position in the recording"
        aria-valuemin={0}
        aria-valuemax={Math.floor(durationMs / 1000)}
        aria-valuenow={seconds}
        aria-valuetext={`${length(seconds * 1000)} of ${length(durationMs)}`}
        onKeyDown={onKeyDown}
        className="cursor-pointer rounded-lg"
      >
        <Waveform recordings={sides} playback={playback} />
      </div>
    </div>
  );
}

interface MuteProps {
  readonly name: string;
  /** The side's own colour, as in the transcript. */
  readonly ink: string;
  readonly sound: HTMLAudioElement | undefined;
}

function Mute({ name, ink, sound }: MuteProps) {
  const [muted, setMuted] = useState(false);
  const Icon = muted ? VolumeX : Volume2;
  return (
    <button
      type="button"
      aria-label={`Mute the ${name.toLowerCase()}`}
      aria-pressed={muted}
      title={muted ? `Hear the ${name.toLowerCase()}` : `Mute the ${name.toLowerCase()}`}
      style={{ height: WAVE_HEIGHT }}
      onClick={() => {
        if (sound) sound.muted = !muted;
        setMuted(!muted);
      }}
      className={cn("flex items-center gap-2 rounded-lg text-xs hover:opacity-75 sm:w-24", ink)}
    >
      <Icon className={cn("size-4 shrink-0", muted && "text-ink-faint")} aria-hidden="true" />
      <span className="max-sm:sr-only">{name}</span>
    </button>
  );
}
