/** Slows down whoever guesses passwords. Every attempt counts before it is judged, so that many at once count too. */
import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { loginAttempts } from "../../db/schema/index";
import { ServiceError } from "../errors";

const WINDOW_MINUTES = 15;
const PER_EMAIL = 10;
const PER_ADDRESS = 50;

export interface Attempt {
  readonly email: string;
  readonly ip: string | undefined;
}

const emailKey = (email: string): string => `email:${createHash("sha256").update(email).digest("hex")}`;

/** @throws ServiceError `rate_limited` when there were too many of late. */
export async function countAttempt(db: Database, { email, ip }: Attempt): Promise<void> {
  const counted = [{ key: emailKey(email), most: PER_EMAIL }];
  if (ip !== undefined) counted.push({ key: `ip:${ip}`, most: PER_ADDRESS });
  const blocked = await db.system(async (tx) => {
    let waitSeconds = 0;
    for (const { key, most } of counted) {
      const old = sql`${loginAttempts.firstAt} < now() - make_interval(mins => ${WINDOW_MINUTES})`;
      const [row] = await tx
        .insert(loginAttempts)
        .values({ key, failures: 1, firstAt: sql`now()` })
        .onConflictDoUpdate({
          target: loginAttempts.key,
          set: {
            failures: sql`case when ${old} then 1 else ${loginAttempts.failures} + 1 end`,
            firstAt: sql`case when ${old} then now() else ${loginAttempts.firstAt} end`,
          },
        })
        .returning();
      if (row && row.failures > most) {
        const until = row.firstAt.getTime() + WINDOW_MINUTES * 60_000;
        waitSeconds = Math.max(waitSeconds, Math.ceil((until - Date.now()) / 1000), 1);
      }
    }
    return waitSeconds;
  });
  if (blocked > 0)
    throw new ServiceError("rate_limited", "Too many attempts. Wait a while, or reset the password.", {
      retryAfterSeconds: blocked,
    });
}

/** The password was right: what was wrong before does not count any more. */
export async function forgetAttempts(db: Database, email: string): Promise<void> {
  await db.system((tx) => tx.delete(loginAttempts).where(eq(loginAttempts.key, emailKey(email))));
}
