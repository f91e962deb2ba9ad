"use client";
import { type ReactNode, useEffect } from "react";
import type { Notice } from "../lib/notices";
import type { Playground } from "../lib/playground";
import type { PlaygroundState } from "../lib/playground-state";
import { Button, IconButton } from "./button";
import { CloseIcon } from "./icons";
import { RetryLine } from "./retry-line";

interface NoticeBarProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

/** How long a hint stays; errors stay until they are dismissed or made good. */
const HINT_MS = 6000;

/** Floats above the controls, so that it moves nothing when it comes and goes. */
export function NoticeBar({ state: { connection, notice }, playground }: NoticeBarProps) {
  useEffect(() => {
    if (notice?.tone !== "info" || notice.action !== undefined) return;
    const timer = setTimeout(() => playground.dismissNotice(), HINT_MS);
    return () => clearTimeout(timer);
  }, [notice, playground]);

  if (connection.state === "open") {
    if (notice === undefined) return <Float />;
    return (
      <Float>
        <Card tone={notice.tone} title={notice.title} detail={notice.detail}>
          <NoticeAction notice={notice} playground={playground} />
          <IconButton label="Dismiss" onClick={() => playground.dismissNotice()}>
            <CloseIcon />
          </IconButton>
        </Card>
      </Float>
    );
  }
  return (
    <Float>
      {connection.state === "idle" && (
        <Card tone="info" title="Disconnected" detail="The conversation above stays until you leave.">
          <Connect label="Start a new session" playground={playground} />
        </Card>
      )}
      {connection.state === "connecting" && <Card tone="info" title="Connecting…" detail={undefined} />}
      {connection.state === "waiting" && (
        <Card tone="error" title={connection.problem.title} detail={<RetryLine retryAt={connection.retryAt} />}>
          <Connect label="Try now" playground={playground} />
        </Card>
      )}
      {connection.state === "failed" && (
        <Card tone="error" title={connection.problem.title} detail={connection.problem.detail}>
          <Connect label="Connect again" playground={playground} />
        </Card>
      )}
    </Float>
  );
}

/** Always there, so that screen readers notice what comes into it. */
function Float({ children }: { readonly children?: ReactNode }) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-4 bottom-full z-10 mb-3 flex justify-center">
      {children}
    </div>
  );
}

interface CardProps {
  readonly tone: Notice["tone"];
  readonly title: string;
  readonly detail: ReactNode;
  readonly children?: ReactNode;
}

function Card({ tone, title, detail, children }: CardProps) {
  return (
    <div className="appear pointer-events-auto flex max-w-3xl flex-wrap items-center gap-x-4 gap-y-1 rounded-2xl border border-line bg-surface py-2 pr-2 pl-4 text-sm shadow-float sm:flex-nowrap">
      <p className="min-w-0 py-1 leading-5">
        <strong className={`font-semibold ${tone === "error" ? "text-vermilion" : "text-ink"}`}>{title}.</strong>{" "}
        <span className="text-ink-soft">{detail}</span>
      </p>
      <span className="ml-auto flex items-center gap-1">{children}</span>
    </div>
  );
}

function Connect({ label, playground }: { readonly label: string; readonly playground: Playground }) {
  return (
    <Button look="primary" className="h-9 px-4" onClick={() => playground.connect()}>
      {label}
    </Button>
  );
}

function NoticeAction({ notice, playground }: { readonly notice: Notice; readonly playground: Playground }) {
  switch (notice.action) {
    case undefined:
      return null;
    case "new-session":
      return <Connect label="Start a new session" playground={playground} />;
    case "retry-microphone":
      return (
        <Button look="primary" className="h-9 px-4" onClick={() => playground.retryMicrophone()}>
          Try again
        </Button>
      );
    default:
      return notice.action satisfies never;
  }
}
