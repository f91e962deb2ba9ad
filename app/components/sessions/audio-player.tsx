"use client";
import { Pause, Play } from "lucide-react";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import WaveSurfer from "wavesurfer.js";
import { length } from "../../lib/format";
import { IconButton } from "../ui/button";
import { Card } from "../ui/card";
import type { Detail } from "./session-detail";

export interface PlayerHandle {
  /** Plays from there: milliseconds since the session's start. */
  seek(ms: number): void;
}

interface AudioPlayerProps {
  readonly ref: Ref<PlayerHandle>;
  readonly detail: Detail;
  /** Where it sounds, in milliseconds since the session's start. */
  readonly onTime: (ms: number) => void;
}

type Side = "input" | "output";

const SIDES: readonly (readonly [side: Side, label: string, color: string])[] = [
  ["input", "User", "--accent-fill"],
  ["output", "Assistant", "--vermilion-fill"],
];

/** Both sides of the recording, one above the other, in step. */
export function AudioPlayer({ ref, detail, onTime }: AudioPlayerProps) {
  const waves = useRef(new Map<Side, WaveSurfer>());
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState(false);
  const seek = (seconds: number): void => {
    for (const wave of waves.current.values()) wave.setTime(Math.min(seconds, wave.getDuration()));
  };
  const play = (): void => {
    for (const wave of waves.current.values()) void wave.play().catch(() => setFailed(true));
  };
  useImperativeHandle(ref, () => ({
    seek: (ms) => {
      seek(ms / 1000);
      play();
    },
  }));
  const toggle = (): void => {
    if (playing) for (const wave of waves.current.values()) wave.pause();
    else play();
  };
  const sides = SIDES.filter(([side]) => detail.recordings.some((recording) => recording.side === side));
  return (
    <Card>
      <div className="flex items-center gap-3">
        <IconButton
          look="primary"
          className="rounded-full"
          label={playing ? "Pause" : "Play the recording"}
          onClick={toggle}
        >
          {playing ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
        </IconButton>
        <p className="text-sm text-ink-faint tabular-nums" data-testid="player-time">
          {length(at * 1000)} of {length(Math.max(0, ...detail.recordings.map(({ durationMs }) => durationMs)))}
        </p>
        {failed && (
          <p role="alert" className="text-sm text-vermilion">
            The recording could not be played.
          </p>
        )}
      </div>
      <div className="mt-4 grid gap-3">
        {sides.map(([side, label, color], i) => (
          <Track
            key={side}
            label={label}
            color={color}
            url={`/api/recordings/${detail.id}/${side}`}
            onReady={(wave) => {
              waves.current.set(side, wave);
              wave.on("interaction", (seconds) => seek(seconds));
              if (i > 0) return;
              wave.on("play", () => setPlaying(true));
              wave.on("pause", () => setPlaying(false));
              wave.on("finish", () => setPlaying(false));
              wave.on("timeupdate", (seconds) => {
                setAt(seconds);
                onTime(seconds * 1000);
              });
            }}
            onGone={() => waves.current.delete(side)}
            onFailed={() => setFailed(true)}
          />
        ))}
      </div>
    </Card>
  );
}

interface TrackProps {
  readonly label: string;
  /** A property of the page's colours. */
  readonly color: string;
  readonly url: string;
  readonly onReady: (wave: WaveSurfer) => void;
  readonly onGone: () => void;
  readonly onFailed: () => void;
}

function Track({ label, color, url, onReady, onGone, onFailed }: TrackProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const styles = getComputedStyle(place.current);
    const wave = WaveSurfer.create({
      container: place.current,
      url,
      height: 44,
      barWidth: 2,
      barGap: 1,
      barRadius: 2,
      waveColor: styles.getPropertyValue("--line-strong"),
      progressColor: styles.getPropertyValue(color),
      cursorColor: styles.getPropertyValue("--ink"),
    });
    onReady(wave);
    wave.on("error", onFailed);
    return () => {
      onGone();
      wave.destroy();
    };
    // The handlers are those of the first render: they only reach for what does not change.
  }, [url]);
  return (
    <div className="grid gap-1 sm:grid-cols-[5rem_minmax(0,1fr)] sm:items-center">
      <span className="text-xs text-ink-faint">{label}</span>
      <div ref={place} role="img" aria-label={`Waveform of the ${label.toLowerCase()}`} />
    </div>
  );
}
