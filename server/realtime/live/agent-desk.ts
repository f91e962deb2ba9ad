/** Which stored prompt a session runs under, for its limits, its observers and whoever looks at it. */
import type { ObserverTap } from "../observers/dispatch";
import type { AgentInfo, SessionInfo } from "../observers/types";
import type { ModelEngine } from "../engine/fallback";
import type { SessionConfigInput, SessionKind } from "../protocol/session-config";
import type { SessionUsage } from "../usage-gate";
import type { LiveSession } from "./live-session";

interface AgentDeskParts {
  readonly usage: SessionUsage;
  readonly tap: ObserverTap;
  readonly live: LiveSession;
  /** Milliseconds since the session began. */
  now(): number;
}

export class AgentDesk {
  constructor(private readonly parts: AgentDeskParts) {}

  /** Another one takes over. @throws ProtocolError when its limits do not let it. */
  become(agent: AgentInfo | undefined): void {
    const { usage, tap, live } = this.parts;
    const { agentId, agentVersion, ...rest } = live.info;
    if (agentId === agent?.agentId && agentVersion === agent?.agentVersion) return;
    usage.become?.(agent);
    const info: SessionInfo = { ...rest, ...agent };
    live.update(info);
    tap.begin(info);
    tap.observe({ type: "agent", at: this.parts.now(), agent });
  }
}

interface Granted {
  readonly kind: SessionKind;
  readonly engine: ModelEngine;
  readonly session: SessionConfigInput | undefined;
}

/** The stored prompt that a session begins with, when its key or secret names one of ours. */
export function grantedAgent({ kind, engine, session }: Granted): AgentInfo | undefined {
  if (kind !== "realtime" || session?.type !== "realtime" || !keepsPrompts(engine)) return undefined;
  const { id, version } = session.prompt ?? {};
  return id === undefined ? undefined : { agentId: id, ...(typeof version === "string" && { agentVersion: version }) };
}

/** What another server holds has that server's prompts. */
export function keepsPrompts(engine: ModelEngine): boolean {
  const first = engine.kind === "fallback" ? engine.candidates[0] : engine;
  return first?.kind !== "relay";
}
