/**
 * Client secrets in the database: they outlive the process, and work at every server on it. The session that one opens is
 * sealed, since its tools may carry keys to MCP servers.
 */
import type { Sealer } from "../../lib/seal";
import type { Services } from "../../lib/services/context";
import { findClientSecret, useClientSecret } from "../../lib/services/client-secrets/find";
import { saveClientSecret } from "../../lib/services/client-secrets/save";
import type { LimitsGate } from "../limits/gate";
import type { SecretGrant, SecretStore } from "../realtime/door/secrets";

type Parts = Pick<Services, "db" | "seal">;
type KeptGrant = Omit<SecretGrant, "session"> & { readonly sealed: string };

export function databaseSecretStore(services: Parts, gate: Pick<LimitsGate, "prepare">): SecretStore {
  const { seal } = services;
  return {
    save: ({ hash, expiresAt, grant: { session, ...rest }, singleUse = false, origins = [] }) =>
      saveClientSecret(services, {
        hash,
        org: rest.tenant,
        keyId: rest.keyId,
        grant: { ...rest, sealed: seal.seal(JSON.stringify(session)) } satisfies KeptGrant,
        expiresAt: new Date(expiresAt),
        singleUse,
        origins,
      }),
    find: async (hash) => {
      const kept = await findClientSecret(services, hash);
      if (!kept) return undefined;
      const { expiresAt, singleUse, origins } = kept;
      // Only `save` writes it.
      const grant = opened(kept.grant as KeptGrant, seal);
      if (grant === undefined) return undefined;
      await gate.prepare(grant.tenant);
      return { hash, expiresAt: expiresAt.getTime(), grant, singleUse, origins };
    },
    use: (hash) => useClientSecret(services, hash),
  };
}

/** Undefined: sealed under an ANTIPHON_SECRET of before. The secret counts no more, and its client fetches another. */
function opened({ sealed, ...rest }: KeptGrant, seal: Sealer): SecretGrant | undefined {
  try {
    return { ...rest, session: JSON.parse(seal.open(sealed)) as SecretGrant["session"] };
  } catch {
    return undefined;
  }
}
