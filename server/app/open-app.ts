/** The team app on the server's storage: logins, e-mail, and what pages call. */
import { provideHost } from "../../lib/host";
import type { MintedSecret, Surroundings } from "../api/context";
import { authSecret } from "../auth/secret";
import { createMail } from "../mail/mail";
import { hashSecret, newClientSecret, type SecretStore } from "../realtime/door/secrets";
import { createAppRoutes } from "../web/app-routes";
import type { OpenApp } from "./app";
import { createProviderDesk } from "./provider-desk";

const SECRET_SECONDS = 600;

export const openApp: OpenApp = async ({ env, log, offer, providers, storage }) => {
  const { services, setupToken } = storage;
  const { secrets } = storage.options;
  if (secrets === undefined) throw new Error("The app mints client secrets, so the storage must keep them.");
  const mail = createMail({ ...env.people.mail, log });
  const surroundings: Surroundings = {
    services,
    mail,
    server: offer,
    providers: createProviderDesk({ providers, log }),
    signUp: env.people.signUp,
    publicUrl: env.people.publicUrl,
    watchLive: (org, signal) => storage.live.watch(org, signal),
    mintSecret: ({ org }) => mint(secrets, { tenant: org, model: offer.models[0] }),
    setupToken: () => setupToken,
  };
  const { handle, host } = createAppRoutes({
    surroundings,
    audio: storage.audio,
    authSecret: await authSecret(env.dataDir, env.storage.secret),
    providers: env.people.logins,
    trustedProxies: env.trustedProxies,
    log,
  });
  provideHost(host);
  return { handle, close: async () => mail.close() };
};

interface Minting {
  readonly tenant: string;
  /** For clients that name none. */
  readonly model: string | undefined;
}

async function mint(secrets: SecretStore, { tenant, model }: Minting): Promise<MintedSecret> {
  const value = newClientSecret();
  const expiresAt = Date.now() + SECRET_SECONDS * 1000;
  const session = { type: "realtime" as const, ...(model !== undefined && { model }) };
  await secrets.save({ hash: hashSecret(value), expiresAt, grant: { tenant, session } });
  return { value, expiresAt };
}
