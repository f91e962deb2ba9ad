/** An agent as sessions need it: a version's configuration, its tools with what they need, and whom it hands over to. */
import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { agents, tools } from "../../db/schema/index";
import type { Services } from "../context";
import { type SessionTool, toSessionTool } from "../tools/for-session";
import type { AgentConfig } from "./config";
import { findVersion } from "./versions";

export interface SessionAgent {
  readonly version: number;
  readonly config: AgentConfig;
  readonly tools: readonly SessionTool[];
  readonly handoffs: readonly { readonly id: string; readonly name: string; readonly description: string }[];
}

export interface AgentQuestion {
  readonly org: string;
  readonly id: string;
  /** Undefined: the latest. */
  readonly version: number | undefined;
}

type Parts = Pick<Services, "db" | "seal">;

/** Undefined: this organisation has no such agent, or no such version of it. */
export function agentForSession({ db, seal }: Parts, question: AgentQuestion): Promise<SessionAgent | undefined> {
  return db.tenant(question.org, async (tx) => {
    const [agent] = await tx
      .select({ id: agents.id })
      .from(agents)
      .where(and(eq(agents.id, question.id), isNull(agents.archivedAt)));
    const found = agent && (await findVersion(tx, agent.id, question.version));
    if (!found) return undefined;
    const { config, version } = found;
    return {
      version,
      config,
      tools: await toolsOf(tx, seal, config.tools),
      handoffs: await handoffsOf(tx, config.handoffs),
    };
  });
}

async function toolsOf(tx: Transaction, seal: Parts["seal"], ids: readonly string[]): Promise<SessionTool[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select()
    .from(tools)
    .where(and(inArray(tools.id, [...ids]), eq(tools.enabled, true)));
  return rows.map((row) => toSessionTool(row, seal));
}

/** Tools of the organisation by their ids, without those that are switched off. */
export function toolsForSession({ db, seal }: Parts, org: string, ids: readonly string[]): Promise<SessionTool[]> {
  return db.tenant(org, (tx) => toolsOf(tx, seal, ids));
}

async function handoffsOf(tx: Transaction, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const { id, name, description } = agents;
  return tx
    .select({ id, name, description })
    .from(agents)
    .where(and(inArray(agents.id, [...ids]), isNull(agents.archivedAt)));
}
