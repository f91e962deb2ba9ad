/** For answers that go on for minutes: whoever is removed meanwhile, or loses the right, hears no more. */
import { TRPCError } from "@trpc/server";
import { roleMay, type Scope } from "../../lib/auth/roles";
import type { Context } from "./context";

/** A thousand who watch must not ask the database a thousand times for every change. */
const CHECK_MS = 5_000;

export interface Watcher extends Pick<Context, "again"> {
  readonly org: string;
  readonly scope: Scope;
}

export async function* whileMember<T>({ again, org, scope }: Watcher, source: AsyncIterable<T>): AsyncGenerator<T> {
  let checkedAt = Date.now();
  for await (const each of source) {
    if (Date.now() - checkedAt >= CHECK_MS) {
      const login = await again();
      const role = login?.organisations.find(({ id }) => id === org)?.role;
      if (role === undefined || !roleMay(role, scope))
        throw new TRPCError({ code: "UNAUTHORIZED", message: "You are no member of this organisation any more." });
      checkedAt = Date.now();
    }
    yield each;
  }
}
