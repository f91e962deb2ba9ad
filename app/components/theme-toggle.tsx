"use client";
import { useSyncExternalStore } from "react";
import { MoonIcon, SunIcon } from "./icons";
import { IconButton } from "./button";

/** `public/theme.js` keeps `data-theme` right before and after React; this only reads and flips it. */
function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function choose(theme: "light" | "dark"): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("antiphon-theme", theme);
  } catch {
    // Storage may be blocked; the choice then lasts as long as the page.
  }
}

export function ThemeToggle() {
  const dark = useSyncExternalStore(
    watchTheme,
    () => document.documentElement.dataset.theme === "dark",
    () => undefined,
  );
  return (
    <IconButton
      label={dark ? "Switch to the light theme" : "Switch to the dark theme"}
      onClick={() => choose(dark ? "light" : "dark")}
    >
      {/* Both are there from the first paint; the theme, known before React is, decides which one shows. */}
      <SunIcon className="hidden size-4.5 [[data-theme=dark]_&]:block" />
      <MoonIcon className="size-4.5 [[data-theme=dark]_&]:hidden" />
    </IconButton>
  );
}
