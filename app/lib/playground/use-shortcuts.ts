"use client";
import { useEffect } from "react";

export interface Shortcuts {
  /** Space went down. Returns false to leave the key to the browser. */
  onPress(): boolean;
  /** Space came up, or the page lost the keyboard in between. */
  onRelease(): void;
  onEscape(): void;
}

const TYPING = "input:not([type=radio]), textarea, [contenteditable=true]";
const OPERATED = "button, a[href], summary, select, input[type=radio]";

/**
 * Whether space at `target` means "talk". Never where one types. On a button it does what it does everywhere, unless the
 * focus only stayed there after a click, or the button is the talk button itself.
 */
export function spaceTalks(target: Pick<Element, "closest"> | null, byKeyboard: boolean): boolean {
  if (target === null || target.closest("[data-talk]") !== null) return true;
  if (target.closest(TYPING) !== null) return false;
  return !(byKeyboard && target.closest(OPERATED) !== null);
}

/** Space held talks, Escape interrupts. `shortcuts` must stay the same object between renders. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    let byKeyboard = false;
    let held = false;
    const listeners = new AbortController();
    const on = <E extends Event>(target: EventTarget, type: string, listener: (event: E) => void): void =>
      target.addEventListener(type, listener as EventListener, { signal: listeners.signal });

    const release = (): void => {
      if (!held) return;
      held = false;
      shortcuts.onRelease();
    };
    on(window, "pointerdown", () => (byKeyboard = false));
    on<KeyboardEvent>(window, "keydown", (event) => {
      if (event.key === "Tab" || event.key.startsWith("Arrow")) byKeyboard = true;
      if (event.key === "Escape" && !event.isComposing) shortcuts.onEscape();
      if (event.code !== "Space" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!held) {
        if (!spaceTalks(event.target instanceof Element ? event.target : null, byKeyboard) || !shortcuts.onPress())
          return;
        held = true;
      }
      event.preventDefault();
    });
    on<KeyboardEvent>(window, "keyup", (event) => {
      if (event.code !== "Space" || !held) return;
      event.preventDefault();
      release();
    });
    on(window, "blur", release);
    on(document, "visibilitychange", release);
    return () => listeners.abort();
  }, [shortcuts]);
}
