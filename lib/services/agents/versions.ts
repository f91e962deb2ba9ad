import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { agents, agentVersions, tools } from "../../db/schema/index";
import { newId } from "../../ids";
import type { ServiceContext } from "../context";
import { invalid, notFound } from "../errors";
import { type AgentConfig, agentConfig } from "./config";

export interface NewVersion {
  readonly agentId: string;
  readonly version: number;
  readonly config: AgentConfig;
  readonly note: string;
}

export async function insertVersion(tx: Transaction, ctx: ServiceContext, version: NewVersion): Promise<void> {
  await tx.insert(agentVersions).values({
    id: newId("agentVersion"),
    orgId: ctx.org,
    createdBy: ctx.actor.type === "system" ? null : ctx.actor.id,
    ...version,
  });
}

/** A row of the table, or of another organisation's: the second looks just like none. */
export async function requireAgent(tx: Transaction, id: string, { lock = false } = {}) {
  const query = tx
    .select()
    .from(agents)
    .where(and(eq(agents.id, id), isNull(agents.archivedAt)));
  const [agent] = await (lock ? query.for("update") : query);
  if (!agent) throw notFound("agent");
  return agent;
}

export async function findVersion(tx: Transaction, agentId: string, version?: number) {
  const [found] = await tx
    .select()
    .from(agentVersions)
    .where(
      and(eq(agentVersions.agentId, agentId), version === undefined ? undefined : eq(agentVersions.version, version)),
    )
    .orderBy(desc(agentVersions.version))
    .limit(1);
  return found && { ...found, config: agentConfig.parse(found.config) };
}

/** Tools and agents that a configuration names must be there. */
export async function requireReferences(tx: Transaction, config: AgentConfig, self?: string): Promise<void> {
  const ids = [...new Set(config.tools)];
  if (ids.length > 0) {
    const known = await tx.select({ id: tools.id }).from(tools).where(inArray(tools.id, ids));
    const missing = config.tools.findIndex((id) => !known.some((tool) => tool.id === id));
    if (missing >= 0) throw invalid("This tool does not exist any more.", `config.tools.${missing}`);
  }
  const others = [...new Set(config.handoffs)];
  if (self !== undefined && others.includes(self))
    throw invalid("An agent cannot hand over to itself.", `config.handoffs.${config.handoffs.indexOf(self)}`);
  if (others.length > 0) {
    const known = await tx
      .select({ id: agents.id })
      .from(agents)
      .where(and(inArray(agents.id, others), isNull(agents.archivedAt)));
    const missing = config.handoffs.findIndex((id) => !known.some((agent) => agent.id === id));
    if (missing >= 0) throw invalid("This agent does not exist any more.", `config.handoffs.${missing}`);
  }
}
