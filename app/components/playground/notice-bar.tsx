"use client";
import { useEffect } from "react";
import type { Notice } from "../../lib/playground/notices";
import type { Playground } from "../../lib/playground/playground";
import { Button, IconButton } from "../ui/button";
import { CloseIcon } from "../icons";

interface NoticeBarProps {
  readonly notice: Notice | undefined;
  readonly playground: Playground;
}

/** How long a hint stays; errors stay until they are dismissed or made good. */
const HINT_MS = 6000;

/** Floats above the controls, so that it moves nothing when it comes and goes. */
export function NoticeBar({ notice, playground }: NoticeBarProps) {
  useEffect(() => {
    if (notice?.tone !== "info" || notice.action !== undefined) return;
    const timer = setTimeout(() => playground.dismissNotice(), HINT_MS);
    return () => clearTimeout(timer);
  }, [notice, playground]);
  return (
    // Always there, so that screen readers notice what comes into it.
    <div role="status" className="pointer-events-none absolute inset-x-4 bottom-full z-10 mb-3 flex justify-center">
      {notice !== undefined && (
        <div className="appear pointer-events-auto flex max-w-3xl flex-wrap items-center gap-x-4 gap-y-1 rounded-2xl border border-line bg-surface py-1.5 pr-1.5 pl-4 text-sm shadow-float sm:flex-nowrap">
          <p className={`min-w-0 py-1 leading-5 ${notice.action === undefined ? "flex-1" : "max-sm:basis-full"}`}>
            <strong className={`font-semibold ${notice.tone === "error" ? "text-vermilion" : "text-ink"}`}>
              {notice.title}.
            </strong>{" "}
            <span className="text-ink-soft">{notice.detail}</span>
          </p>
          <span className="ml-auto flex items-center gap-1">
            <NoticeAction action={notice.action} playground={playground} />
            <IconButton label="Dismiss" onClick={() => playground.dismissNotice()}>
              <CloseIcon />
            </IconButton>
          </span>
        </div>
      )}
    </div>
  );
}

function NoticeAction({ action, playground }: { readonly action: Notice["action"]; readonly playground: Playground }) {
  switch (action) {
    case undefined:
      return null;
    case "new-session":
      return (
        <Button look="primary" className="h-9 px-4" onClick={() => playground.connect()}>
          Start a new session
        </Button>
      );
    case "retry-microphone":
      return (
        <Button look="primary" className="h-9 px-4" onClick={() => playground.retryMicrophone()}>
          Try again
        </Button>
      );
    default:
      return action satisfies never;
  }
}
