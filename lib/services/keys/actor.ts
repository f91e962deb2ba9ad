/** Who a key is in the audit log. */
import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { apiKeys } from "../../db/schema/index";
import type { Actor } from "../context";

/** Without an id it is one of the operator's own, from the environment. */
export async function keyActor(db: Database, org: string, keyId: string | undefined): Promise<Actor> {
  if (keyId === undefined) return { type: "system", name: "bootstrap key" };
  const [key] = await db.tenant(org, (tx) =>
    tx.select({ name: apiKeys.name }).from(apiKeys).where(eq(apiKeys.id, keyId)),
  );
  return { type: "key", id: keyId, name: key?.name ?? keyId };
}
