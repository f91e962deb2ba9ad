/** Who a key belongs to: the bootstrap keys to the first organisation, every other one as the database says. */
import type { Scope } from "../../lib/auth/roles";
import { API_KEY_PREFIX } from "../../lib/auth/secrets";
import type { Services } from "../../lib/services/context";
import { verifyKey } from "../../lib/services/keys/verify";
import type { LimitsGate } from "../limits/gate";
import { apiKeys, type Authenticate, type AuthRequest } from "../realtime/door/auth";
import { ProtocolError } from "../realtime/protocol/errors";

export interface DatabaseAuthOptions {
  readonly services: Pick<Services, "db">;
  /** Work whatever happens to the database. */
  readonly bootstrapKeys: readonly string[];
  /** The organisation that bootstrap keys belong to. */
  readonly org: string;
  /** Told who comes, so that it knows their limits when their session begins. */
  readonly gate: Pick<LimitsGate, "prepare">;
}

export function databaseAuthenticate({ services, bootstrapKeys, org, gate }: DatabaseAuthOptions): Authenticate {
  const bootstrap = apiKeys(bootstrapKeys, { tenant: org });
  return async (request) => {
    const known = await bootstrap(request);
    if (known) await gate.prepare(org);
    if (known || request.key === null || !request.key.startsWith(API_KEY_PREFIX)) return known;
    const key = await verifyKey(services, request.key);
    if (!key) return null;
    const needed = neededScope(request);
    if (!key.scopes.has(needed))
      throw new ProtocolError(`This API key lacks the right "${needed}".`, {
        type: "permission_error",
        code: "insufficient_permissions",
      });
    await gate.prepare(key.org);
    return { tenant: key.org, keyId: key.id };
  };
}

function neededScope({ purpose, url, method }: AuthRequest): Scope {
  if (purpose === "session" || !/\/sessions(\/[^/]*)?$/.test(url.pathname) || method === undefined)
    return "realtime:connect";
  if (method === "DELETE") return "sessions:write";
  return method === "POST" ? "realtime:connect" : "sessions:read";
}
