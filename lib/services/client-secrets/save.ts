import { lt, sql } from "drizzle-orm";
import { clientSecrets } from "../../db/schema/index";
import type { Services } from "../context";

export interface SecretToSave {
  readonly hash: string;
  readonly org: string;
  readonly keyId: string | undefined;
  readonly grant: object;
  readonly expiresAt: Date;
  readonly singleUse: boolean;
  readonly origins: readonly string[];
}

export async function saveClientSecret({ db }: Pick<Services, "db">, secret: SecretToSave): Promise<void> {
  const { org, keyId, origins, ...rest } = secret;
  await db.system(async (tx) => {
    await tx.delete(clientSecrets).where(lt(clientSecrets.expiresAt, sql`now() - interval '1 hour'`));
    await tx.insert(clientSecrets).values({ ...rest, orgId: org, keyId: keyId ?? null, origins: [...origins] });
  });
}
