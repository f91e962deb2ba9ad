"use client";
import { Toaster as Sonner } from "sonner";

/** Short words about what was just done. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[22rem] max-w-[calc(100vw-2rem)] items-start gap-3 rounded-xl border border-line bg-surface p-4 text-sm text-ink shadow-float",
          title: "font-medium",
          description: "mt-0.5 leading-5 text-ink-soft",
          icon: "mt-0.5 text-accent",
          error: "[&_[data-icon]]:text-vermilion",
        },
      }}
    />
  );
}
