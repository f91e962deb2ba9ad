import { and, eq, isNull, or, sql } from "drizzle-orm";
import { clientSecrets } from "../../db/schema/index";
import type { Services } from "../context";

export interface RedeemedSecret {
  readonly grant: unknown;
  readonly expiresAt: Date;
}

/**
 * Undefined: unknown, used up, or bound to another origin. A single-use one is used up by this, and one caller of many
 * gets it; a wrong origin does not use it up.
 */
export async function redeemClientSecret(
  { db }: Pick<Services, "db">,
  { hash, origin }: { readonly hash: string; readonly origin: string | undefined },
): Promise<RedeemedSecret | undefined> {
  const [row] = await db.system((tx) =>
    tx
      .update(clientSecrets)
      .set({ usedAt: sql`now()` })
      .where(
        and(
          eq(clientSecrets.hash, hash),
          or(eq(clientSecrets.singleUse, false), isNull(clientSecrets.usedAt)),
          sql`(cardinality(${clientSecrets.origins}) = 0 or ${origin ?? ""} = any(${clientSecrets.origins}))`,
        ),
      )
      .returning({ grant: clientSecrets.grant, expiresAt: clientSecrets.expiresAt }),
  );
  return row;
}
