"use client";
import type { ReactNode } from "react";
import type { Playground } from "../../lib/playground/playground";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import type { Problem } from "../../lib/playground/problems";
import { Button } from "../ui/button";
import { Motif } from "../motif";
import { RetryLine } from "./retry-line";

interface WelcomeProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

const STEPS: readonly (readonly [title: string, text: string])[] = [
  ["Connect", "This page opens a session on your own server, and talks to nobody else."],
  ["Talk or type", "Hold a button (or the space bar) while you speak, go hands-free, or write."],
  ["Watch", "Every event of the protocol is listed as it happens, ready to be opened and copied."],
];

/** What stands here until the first session: what this is, and the one thing to do. */
export function Welcome({ state: { connection }, playground }: WelcomeProps) {
  const problem = "problem" in connection ? connection.problem : undefined;
  return (
    <div className="flex flex-1 flex-col items-center overflow-y-auto px-5 py-8">
      <div className="my-auto w-full max-w-xl">
        <Motif className="sm:h-14" />
        <h2 className="mt-7 font-serif text-3xl leading-tight tracking-tight text-balance sm:text-4xl">
          Say something. Your server answers.
        </h2>
        <ol className="mt-7 space-y-4">
          {STEPS.map(([title, text], i) => (
            <li key={title} className="flex gap-4">
              <span aria-hidden="true" className="w-4 shrink-0 text-right font-serif text-lg leading-6 text-vermilion">
                {i + 1}
              </span>
              <p className="leading-6 text-ink-soft">
                <strong className="font-semibold text-ink">{title}.</strong> {text}
              </p>
            </li>
          ))}
        </ol>
        {/* Room for the largest of what may stand here, so that nothing above moves. */}
        <div className="mt-8 min-h-44">
          <Start problem={problem} busy={connection.state === "connecting"} onConnect={() => playground.connect()}>
            {connection.state === "waiting" && <RetryLine retryAt={connection.retryAt} />}
          </Start>
        </div>
      </div>
    </div>
  );
}

interface StartProps {
  readonly problem: Problem | undefined;
  readonly busy: boolean;
  readonly onConnect: () => void;
  readonly children: ReactNode;
}

function Start({ problem, busy, onConnect, children }: StartProps) {
  return (
    <>
      <Button look="primary" size="lg" className="min-w-40" onClick={onConnect} aria-disabled={busy}>
        {busy ? "Connecting…" : problem === undefined ? "Connect" : "Try again"}
      </Button>
      <div role="alert" className="mt-5 text-sm leading-6">
        {problem !== undefined && (
          <p className="appear">
            <strong className="font-semibold text-vermilion">{problem.title}.</strong>{" "}
            <span className="text-ink-soft">{problem.detail}</span>
          </p>
        )}
      </div>
      <div className="text-sm leading-6 text-ink-faint">{children}</div>
    </>
  );
}
