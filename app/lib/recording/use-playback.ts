"use client";
import { useSyncExternalStore } from "react";
import type { PairedPlayback, PlaybackState } from "./paired-playback";

const SILENT: PlaybackState = { status: "paused", atMs: 0 };
const never = (): (() => void) => () => undefined;

/** What `of` says of the playback, told anew only when that changed. It must return a plain value. */
export function usePlayback<T extends string | number | boolean>(
  playback: PairedPlayback | undefined,
  of: (state: PlaybackState) => T,
): T {
  return useSyncExternalStore(
    playback?.subscribe ?? never,
    () => of(playback?.state() ?? SILENT),
    () => of(SILENT),
  );
}
