import type { users } from "../../db/schema/index";

/** A user as logins carry it. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly image: string | null;
  /** A login is void once the user's own has passed it. */
  readonly loginEpoch: number;
}

export function toPerson({ id, email, name, image, loginEpoch }: typeof users.$inferSelect): Person {
  return { id, email, name, image, loginEpoch };
}
