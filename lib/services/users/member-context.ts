/** From a login to a context: which organisations a user is in, and what they may do in one of them. */
import { and, asc, eq } from "drizzle-orm";
import { type Role, scopesOf } from "../../auth/roles";
import { memberships, organisations, users } from "../../db/schema/index";
import type { ServiceContext, Services } from "../context";

export interface Membership {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
}

export async function organisationsOf({ db }: Pick<Services, "db">, userId: string): Promise<Membership[]> {
  return db.system((tx) =>
    tx
      .select({
        id: organisations.id,
        name: organisations.name,
        slug: organisations.slug,
        role: memberships.role,
      })
      .from(memberships)
      .innerJoin(organisations, eq(organisations.id, memberships.orgId))
      .where(eq(memberships.userId, userId))
      .orderBy(asc(memberships.createdAt), asc(organisations.id)),
  );
}

export interface Login {
  readonly userId: string;
  readonly loginEpoch: number;
  /** The organisation that is asked for. Undefined: the first one that the user joined. */
  readonly org?: string | undefined;
  readonly ip?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Null: the login is void, the user disabled, or no member there. Read anew each time, so a change counts at once. */
export async function memberContext(services: Services, login: Login): Promise<ServiceContext | null> {
  const { userId, loginEpoch, org, ip, requestId } = login;
  const [member] = await services.db.system((tx) =>
    tx
      .select({ org: memberships.orgId, role: memberships.role, email: users.email })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(
        and(
          eq(memberships.userId, userId),
          eq(users.loginEpoch, loginEpoch),
          eq(users.disabled, false),
          org === undefined ? undefined : eq(memberships.orgId, org),
        ),
      )
      .orderBy(asc(memberships.createdAt), asc(memberships.orgId))
      .limit(1),
  );
  if (!member) return null;
  return {
    ...services,
    org: member.org,
    actor: { type: "user", id: userId, name: member.email },
    role: member.role,
    scopes: scopesOf(member.role),
    ...(ip !== undefined && { ip }),
    ...(requestId !== undefined && { requestId }),
  };
}
