"use client";
import { useSyncExternalStore } from "react";

function watch(notify: () => void): () => void {
  const observer = new MutationObserver(notify);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** False until the page has come to life: the server does not know. */
export function useIsDark(): boolean {
  return useSyncExternalStore(
    watch,
    () => document.documentElement.dataset.theme === "dark",
    () => false,
  );
}

export function chooseTheme(theme: "light" | "dark"): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("antiphon-theme", theme);
  } catch {
    // Storage may be blocked; the choice then lasts as long as the page.
  }
}
