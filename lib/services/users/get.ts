import { and, eq } from "drizzle-orm";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { type Person, toPerson } from "./person";

export interface Profile extends Person {
  readonly hasPassword: boolean;
}

/** Undefined: there is no such user, or they are disabled. */
export async function getUser({ db }: Pick<Services, "db">, userId: string): Promise<Profile | undefined> {
  const [user] = await db.system((tx) =>
    tx
      .select()
      .from(users)
      .where(and(eq(users.id, userId), eq(users.disabled, false))),
  );
  return user && { ...toPerson(user), hasPassword: user.passwordHash !== null };
}
