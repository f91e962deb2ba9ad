"use client";
import { type RefObject, useLayoutEffect, useRef } from "react";

/** Distance from the end that still counts as being there. */
const NEAR = 48;

/** Keeps a scrolling list at its end while it grows, until the reader scrolls up. `content` changes whenever it grew. */
export function useStickToBottom<T extends HTMLElement>(content: unknown): RefObject<T | null> {
  const ref = useRef<T>(null);
  const sticks = useRef(true);
  useLayoutEffect(() => {
    const list = ref.current;
    if (list === null) return;
    const onScroll = (): void => {
      sticks.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    };
    const stick = (): void => {
      if (sticks.current) list.scrollTop = list.scrollHeight;
    };
    // A list that is resized (the keyboard of a phone, a turned screen) would lose its end otherwise.
    const resized = new ResizeObserver(stick);
    resized.observe(list);
    list.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      resized.disconnect();
      list.removeEventListener("scroll", onScroll);
    };
  }, []);
  useLayoutEffect(() => {
    if (ref.current !== null && sticks.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [content]);
  return ref;
}
