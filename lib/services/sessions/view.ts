import { eq } from "drizzle-orm";
import type { Transaction } from "../../db/client";
import { realtimeSessions } from "../../db/schema/index";
import { notFound } from "../errors";

type SessionRow = typeof realtimeSessions.$inferSelect;

/** As lists and pages show it: without the configuration, which is long. */
export function viewSession({ orgId: _org, config: _config, items, responses, ...session }: SessionRow) {
  return { ...session, itemCount: items, responseCount: responses };
}

export type SessionView = ReturnType<typeof viewSession>;

export async function requireSession(tx: Transaction, id: string): Promise<SessionRow> {
  const [session] = await tx.select().from(realtimeSessions).where(eq(realtimeSessions.id, id));
  if (!session) throw notFound("session");
  return session;
}
