"use client";
import type { ReactNode } from "react";
import type { ConnectionStatus } from "../../lib/playground/realtime-connection";
import { Button } from "../ui/button";
import { RetryLine } from "./retry-line";

interface OfflineRowProps {
  readonly status: Exclude<ConnectionStatus, { readonly state: "open" }>;
  readonly onConnect: () => void;
}

/** Takes the place of the talk button while there is nobody to talk to: why, and the way back. */
export function OfflineRow({ status, onConnect }: OfflineRowProps) {
  const { title, detail, action } = words(status);
  return (
    <div
      role="status"
      className="flex h-14 min-w-0 flex-1 items-center gap-3 rounded-2xl border border-line bg-surface pr-1.5 pl-4"
    >
      <p className="line-clamp-2 min-w-0 flex-1 text-sm leading-5">
        <strong className={`font-semibold ${"problem" in status ? "text-vermilion" : "text-ink"}`}>{title}</strong>{" "}
        <span className="text-ink-soft max-sm:hidden">{detail}</span>
      </p>
      {action !== undefined && (
        <Button look="primary" className="h-11 px-5" onClick={onConnect}>
          {action}
        </Button>
      )}
    </div>
  );
}

interface Words {
  readonly title: ReactNode;
  readonly detail: ReactNode;
  readonly action: string | undefined;
}

function words(status: OfflineRowProps["status"]): Words {
  switch (status.state) {
    case "idle":
      return { title: "Disconnected.", detail: "What was said stays here until you leave.", action: "New session" };
    case "connecting":
      return { title: "Connecting…", detail: undefined, action: undefined };
    case "waiting":
      return {
        title: (
          <>
            {status.problem.title}. <RetryLine retryAt={status.retryAt} />
          </>
        ),
        detail: undefined,
        action: "Try now",
      };
    case "failed":
      return { title: `${status.problem.title}.`, detail: status.problem.detail, action: "New session" };
    default:
      return status satisfies never;
  }
}
