"use client";
import { useSyncExternalStore } from "react";

/** This server's address as the browser dialled it; empty until the page has come to life. */
export function useOrigin(): string {
  return useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => "",
  );
}
