/** Whom limits are set for: of one session the organisation, the key and the agent. */
import { subjectOf } from "../../lib/services/limits/standing";
import type { UsageSession } from "../realtime/usage-gate";

export interface Subject {
  readonly name: string;
  readonly label: string;
  /** Among those of all organisations. */
  readonly id: string;
}

export type Who = Pick<UsageSession, "tenant" | "keyId" | "agentId">;

export function subjectsOf(who: Who): Subject[] {
  const { tenant, keyId } = who;
  const organisation = { name: subjectOf.organisation, label: "Your organisation", id: tenant };
  if (keyId === undefined) return [organisation, ...agentOf(who)];
  const key = { name: subjectOf.key(keyId), label: "This API key", id: `${tenant} ${keyId}` };
  return [organisation, key, ...agentOf(who)];
}

export function agentOf({ tenant, agentId }: Who): Subject[] {
  if (agentId === undefined) return [];
  return [{ name: subjectOf.agent(agentId), label: "This agent", id: `${tenant} ${agentId}` }];
}
