import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { clientSecrets } from "../../db/schema/index";
import type { Services } from "../context";

type Row = typeof clientSecrets.$inferSelect;
export type KeptSecret = Pick<Row, "grant" | "expiresAt" | "singleUse" | "origins">;

/** Undefined: unknown, used up, or its key was revoked. May have expired. */
export async function findClientSecret({ db }: Pick<Services, "db">, hash: string): Promise<KeptSecret | undefined> {
  const [row] = await db.system((tx) => tx.select().from(clientSecrets).where(eq(clientSecrets.hash, hash)));
  return row && !(row.singleUse && row.usedAt !== null) ? row : undefined;
}

/** Uses up a secret: true for one caller of many. */
export async function useClientSecret({ db }: Pick<Services, "db">, hash: string): Promise<boolean> {
  const used = await db.system((tx) =>
    tx
      .update(clientSecrets)
      .set({ usedAt: sql`now()` })
      .where(and(eq(clientSecrets.hash, hash), isNull(clientSecrets.usedAt), gt(clientSecrets.expiresAt, sql`now()`)))
      .returning({ hash: clientSecrets.hash }),
  );
  return used.length === 1;
}
