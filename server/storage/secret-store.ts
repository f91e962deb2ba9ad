/** Client secrets in the database: they outlive the process, and work at every server on it. */
import type { Services } from "../../lib/services/context";
import { findClientSecret, useClientSecret } from "../../lib/services/client-secrets/find";
import { saveClientSecret } from "../../lib/services/client-secrets/save";
import type { LimitsGate } from "../limits/gate";
import type { SecretGrant, SecretStore } from "../realtime/door/secrets";

export function databaseSecretStore(services: Pick<Services, "db">, gate: Pick<LimitsGate, "prepare">): SecretStore {
  return {
    save: ({ hash, expiresAt, grant, singleUse = false, origins = [] }) =>
      saveClientSecret(services, {
        hash,
        org: grant.tenant,
        keyId: grant.keyId,
        grant,
        expiresAt: new Date(expiresAt),
        singleUse,
        origins,
      }),
    find: async (hash) => {
      const kept = await findClientSecret(services, hash);
      if (!kept) return undefined;
      const { grant, expiresAt, singleUse, origins } = kept;
      // Only `save` writes it.
      const given = grant as SecretGrant;
      await gate.prepare(given.tenant);
      return { hash, expiresAt: expiresAt.getTime(), grant: given, singleUse, origins };
    },
    use: (hash) => useClientSecret(services, hash),
  };
}
