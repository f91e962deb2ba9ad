/** From a key to whose it is: before any tenant is known, so with the rights of the server. */
import { and, eq, inArray, isNotNull, lte, or, sql } from "drizzle-orm";
import type { Scope } from "../../auth/roles";
import { SCOPES } from "../../auth/roles";
import { hashSecret } from "../../auth/secrets";
import { apiKeys } from "../../db/schema/index";
import type { ServiceContext, Services } from "../context";

export interface VerifiedKey {
  readonly id: string;
  readonly org: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** "Last used" is no more exact than this: a row need not be written for every request. */
const SEEN_EVERY_SECONDS = 30;

/** Undefined: unknown, revoked or expired. */
export async function verifyKey({ db }: Pick<Services, "db">, key: string): Promise<VerifiedKey | undefined> {
  return db.system(async (tx) => {
    const [row] = await tx
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.hash, hashSecret(key)));
    if (!row || row.revokedAt !== null) return undefined;
    if (row.expiresAt !== null && row.expiresAt.getTime() <= Date.now()) return undefined;
    if (row.lastUsedAt === null || Date.now() - row.lastUsedAt.getTime() > SEEN_EVERY_SECONDS * 1000)
      await tx
        .update(apiKeys)
        .set({ lastUsedAt: sql`now()` })
        .where(eq(apiKeys.id, row.id));
    const scopes = new Set(SCOPES.filter((scope) => row.scopes.includes(scope)));
    return { id: row.id, org: row.orgId, name: row.name, scopes };
  });
}

/** Of `keyIds`, those that do not count any more. For sessions that are alive. */
export async function endedKeys({ db }: Pick<Services, "db">, keyIds: readonly string[]): Promise<string[]> {
  if (keyIds.length === 0) return [];
  const rows = await db.system((tx) =>
    tx
      .select({ id: apiKeys.id })
      .from(apiKeys)
      .where(
        and(inArray(apiKeys.id, [...keyIds]), or(isNotNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, sql`now()`))),
      ),
  );
  return rows.map(({ id }) => id);
}

/** What a program with this key may ask the services for. */
export function keyContext(
  services: Services,
  key: VerifiedKey,
  from: { ip?: string; requestId?: string } = {},
): ServiceContext {
  return {
    ...services,
    ...from,
    org: key.org,
    actor: { type: "key", id: key.id, name: key.name },
    role: null,
    scopes: key.scopes,
  };
}
