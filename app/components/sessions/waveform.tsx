"use client";
import { useEffect, useRef } from "react";
import type WaveSurfer from "wavesurfer.js";
import type { PairedPlayback } from "../../lib/recording/paired-playback";
import { shapesOf } from "../../lib/recording/shape";
import { usePlayback } from "../../lib/recording/use-playback";
import { useIsDark } from "../../lib/theme";
import type { Detail } from "./session-detail";

interface WaveformProps {
  /** One below the other. */
  readonly recordings: readonly Detail["recordings"][number][];
  readonly playback: PairedPlayback;
}

/** Of each side; `color-mix` keeps what was not heard yet pale on paper of either colour. */
const INKS = { input: "var(--accent-fill)", output: "var(--vermilion-fill)" } as const;
export const WAVE_HEIGHT = 44;

/** What there is to hear, and how far it was heard. Drawn from the shape that the recorder wrote down, without the sound itself. */
export function Waveform({ recordings, playback }: WaveformProps) {
  const place = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer>(undefined);
  const isDark = useIsDark();
  const status = usePlayback(playback, (state) => state.status);
  const atMs = usePlayback(playback, (state) => state.atMs);

  useEffect(() => {
    let gone = false;
    void import("wavesurfer.js").then(({ default: Surfer }) => {
      if (gone || place.current === null) return;
      const made = Surfer.create({
        container: place.current,
        peaks: shapesOf(recordings),
        duration: playback.durationMs / 1000,
        ...looks(place.current, recordings),
        height: WAVE_HEIGHT,
        barWidth: 2,
        barGap: 1,
        barRadius: 2,
        cursorWidth: 1,
        dragToSeek: true,
        hideScrollbar: true,
      });
      made.on("interaction", (seconds) => playback.seek(seconds * 1000));
      made.on("ready", () => made.setTime(playback.nowMs / 1000));
      wave.current = made;
    });
    return () => {
      gone = true;
      wave.current?.destroy();
      wave.current = undefined;
    };
  }, [recordings, playback]);

  useEffect(() => {
    if (place.current !== null) wave.current?.setOptions(looks(place.current, recordings));
  }, [isDark, recordings]);

  useEffect(() => {
    if (status !== "playing") {
      wave.current?.setTime(atMs / 1000);
      return;
    }
    let frame = requestAnimationFrame(function draw() {
      wave.current?.setTime(playback.nowMs / 1000);
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [playback, status, status === "playing" ? 0 : atMs]);

  return <div ref={place} aria-hidden="true" style={{ height: recordings.length * WAVE_HEIGHT }} />;
}

/** A canvas knows no properties of the page: each colour is worked out where it stands. */
function looks(place: HTMLElement, recordings: WaveformProps["recordings"]) {
  const probe = place.appendChild(document.createElement("span"));
  const colour = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const splitChannels = recordings.map(({ side }) => ({
    waveColor: colour(`color-mix(in oklch, ${INKS[side]} 38%, var(--surface))`),
    progressColor: colour(INKS[side]),
  }));
  const cursorColor = colour("var(--ink)");
  probe.remove();
  return { splitChannels, cursorColor };
}
