"use client";
import type { ReactNode } from "react";
import { count, duration, medianLatency, money } from "../../lib/format";
import type { CallStats } from "../../lib/playground/call-stats";
import { type ModelPrices, spentIn } from "../../lib/playground/cost";
import type { PlaygroundState, Transport } from "../../lib/playground/playground-state";
import { voiceOf } from "../../lib/playground/session-settings";
import { ChevronIcon } from "../icons";

interface SessionFactsProps {
  readonly state: PlaygroundState;
  readonly prices: readonly ModelPrices[];
}

/** What this session is, and what it runs on, as far as the server told. */
export function SessionFacts({ state, prices }: SessionFactsProps) {
  const { session } = state.conversation;
  const live = state.connection.state === "open";
  return (
    <details className="group shrink-0 border-b border-line">
      <summary className="flex h-12 list-none items-center gap-2 px-4 -outline-offset-2 lg:px-5 [&::-webkit-details-marker]:hidden">
        <h2 className="text-sm font-semibold">Session</h2>
        <span className="min-w-0 flex-1 truncate text-right font-mono text-xs text-ink-faint">
          {session === undefined ? "none yet" : live ? session.id : `${session.id}, ended`}
        </span>
        <ChevronIcon className="text-ink-faint transition-transform group-open:rotate-180" />
      </summary>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 px-4 pt-1 pb-4 text-sm lg:px-5">
        {[...spentFacts(state, prices), ...facts(state)].map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="min-w-0 text-right break-words text-ink-soft">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** What a call's own figures say; a dash stands for what is not known yet. */
function transportFacts(transport: Transport, call: CallStats | undefined): [string, ReactNode][] {
  if (transport === "websocket") return [["Transport", "WebSocket, /v1/realtime"]];
  const ms = (value: number | undefined): string => (value === undefined ? "–" : `${Math.round(value)} ms`);
  return [
    ["Transport", "WebRTC, /v1/realtime/calls"],
    ["Round trip", ms(call?.roundTripMs)],
    ["Jitter", ms(call?.jitterMs)],
    ["Loss", call?.loss === undefined ? "–" : `${(call.loss * 100).toFixed(1)} %`],
    ["Heard after", ms(call?.heardAfterMs)],
  ];
}

function spentFacts({ conversation }: PlaygroundState, prices: readonly ModelPrices[]): [string, ReactNode][] {
  const spent = spentIn(conversation, prices);
  if (spent === undefined) return [];
  const cost = spent.cost === undefined ? "this model has no price" : money(spent.cost);
  return [
    ["Tokens", count(spent.tokens)],
    ["Cost", cost],
  ];
}

function facts({
  conversation: { session, turns },
  connection,
  server,
  transport,
  call,
  setup,
}: PlaygroundState): [string, ReactNode][] {
  if (session === undefined) return [["State", "Connect to see the session's settings here."]];
  const detection = session.audio.input.turn_detection;
  const replies = turns.filter((turn) => turn.kind === "assistant");
  const last = replies.findLast(({ latency }) => latency !== undefined)?.latency;
  const median = medianLatency(replies);
  const time = (at: number): string => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return [
    ...transportFacts(transport, call),
    ...(setup.agent === undefined
      ? []
      : [["Agent", `${setup.agent.name}, version ${setup.agent.version}`] satisfies [string, string]]),
    ["Model", session.model],
    ["Voice", voiceOf(session)],
    [
      "Turns",
      detection === null
        ? "you hold, you let go"
        : `${detection.type}, ${detection.interrupt_response ? "you may interrupt" : "not interruptible"}`,
    ],
    [
      "Reply after",
      last === undefined || median === undefined
        ? "no reply yet"
        : `${duration(last.totalMs)}, median ${duration(median)}`,
    ],
    ...(connection.state === "open" ? [["Since", time(connection.since)] satisfies [string, string]] : []),
    ["Ends by", time(session.expires_at * 1000)],
    ...(server?.engine === undefined ? [] : [["Runs on", server.engine] satisfies [string, string]]),
  ];
}
