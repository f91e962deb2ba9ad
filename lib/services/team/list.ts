import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { memberships, users } from "../../db/schema/index";
import { defineService } from "../service";

export const listMembers = defineService({
  name: "team.list",
  kind: "query",
  scope: "team:read",
  input: z.void(),
  run: ({ tx }) =>
    tx
      .select({
        userId: users.id,
        email: users.email,
        name: users.name,
        image: users.image,
        role: memberships.role,
        joinedAt: memberships.createdAt,
        lastLoginAt: users.lastLoginAt,
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .orderBy(asc(memberships.createdAt)),
});
