/** Tools with all that calling them takes, secrets included: for sessions and test runs, never for pages. */
import { and, eq } from "drizzle-orm";
import { tools } from "../../db/schema/index";
import type { Services } from "../context";
import { ServiceError } from "../errors";
import { headersOf } from "./secrets";
import type { ToolRow } from "./view";

export interface SessionTool {
  readonly name: string;
  readonly description: string;
  readonly kind: "client" | "webhook" | "mcp";
  readonly parameters: Record<string, unknown>;
  readonly config: unknown;
  /** What calls are signed or authorised with. */
  readonly secret: string | undefined;
  /** Sent with each call. */
  readonly headers: Readonly<Record<string, string>>;
}

type Parts = Pick<Services, "db" | "seal">;

export function toSessionTool(row: ToolRow, seal: Parts["seal"]): SessionTool {
  const { name, description, kind, config, sealedSecret } = row;
  return {
    name,
    description,
    kind,
    parameters: row.parameters as Record<string, unknown>,
    config,
    secret: sealedSecret === null ? undefined : seal.open(sealedSecret),
    headers: headersOf(row, seal),
  };
}

/** The same for whoever tries it. @throws ServiceError when its secrets cannot be opened any more. */
export function openTool(row: ToolRow, seal: Parts["seal"]): SessionTool {
  try {
    return toSessionTool(row, seal);
  } catch (cause) {
    const message = "Its secrets were sealed under another ANTIPHON_SECRET: enter them again.";
    throw new ServiceError("conflict", message, { cause });
  }
}

/** An MCP server of the organisation, by its name. */
export function mcpServerForSession({ db, seal }: Parts, org: string, name: string): Promise<SessionTool | undefined> {
  return db.tenant(org, async (tx) => {
    const [row] = await tx
      .select()
      .from(tools)
      .where(and(eq(tools.name, name), eq(tools.kind, "mcp"), eq(tools.enabled, true)));
    return row && toSessionTool(row, seal);
  });
}
