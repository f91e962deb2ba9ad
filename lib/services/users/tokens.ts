/** One-time links. Only the hash is kept; using one uses it up. */
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { hashSecret, newSecret } from "../../auth/secrets";
import type { Transaction } from "../../db/client";
import { loginTokens } from "../../db/schema/index";
import { newId } from "../../ids";

type Kind = (typeof loginTokens.$inferSelect)["kind"];

export interface NewToken {
  readonly kind: Kind;
  readonly minutes: number;
  readonly email?: string;
  readonly userId?: string;
}

/** The token, to be shown once. */
export async function issueToken(tx: Transaction, { kind, minutes, email, userId }: NewToken): Promise<string> {
  const token = newSecret("");
  await tx.delete(loginTokens).where(lt(loginTokens.expiresAt, sql`now() - interval '1 day'`));
  await tx.insert(loginTokens).values({
    id: newId("loginToken"),
    kind,
    hash: hashSecret(token),
    email: email ?? null,
    userId: userId ?? null,
    expiresAt: new Date(Date.now() + minutes * 60_000),
  });
  return token;
}

export interface UsedToken {
  readonly email: string | null;
  readonly userId: string | null;
}

/** Undefined: unknown, used or expired. Of several that come at once, one gets it. */
export async function useToken(tx: Transaction, kind: Kind, token: string): Promise<UsedToken | undefined> {
  const [used] = await tx
    .update(loginTokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(loginTokens.hash, hashSecret(token)),
        eq(loginTokens.kind, kind),
        isNull(loginTokens.usedAt),
        gt(loginTokens.expiresAt, sql`now()`),
      ),
    )
    .returning({ email: loginTokens.email, userId: loginTokens.userId });
  return used;
}
