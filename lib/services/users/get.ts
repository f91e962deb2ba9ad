import { eq } from "drizzle-orm";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { type Person, toPerson } from "./person";

export interface Profile extends Person {
  readonly hasPassword: boolean;
}

export async function getUser({ db }: Pick<Services, "db">, userId: string): Promise<Profile | undefined> {
  const [user] = await db.system((tx) => tx.select().from(users).where(eq(users.id, userId)));
  return user && { ...toPerson(user), hasPassword: user.passwordHash !== null };
}
