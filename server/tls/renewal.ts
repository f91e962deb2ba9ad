/** The server's certificate, and a new one in time. */
import type { TlsEnv } from "../../lib/env";
import type { Logger } from "../../lib/logger";
import { describe } from "../start-error";
import { serverCertificate, type ServerCertificate } from "./certificates";

const CHECK_MS = 12 * 60 * 60 * 1000;

export interface RenewalOptions {
  readonly tls: TlsEnv;
  readonly place: { readonly dataDir: string; readonly host: string };
  readonly log: Pick<Logger, "error">;
  readonly renew: (certificate: ServerCertificate) => void;
}

/** Looks for a newer certificate now and then; returns what ends it. */
export function renewCertificate({ tls, place, log, renew }: RenewalOptions): () => void {
  const timer = setInterval(() => {
    serverCertificate(tls, place)
      .then((renewed) => renewed && renew(renewed))
      .catch((error: unknown) => log.error(`The certificate cannot be renewed: ${describe(error)}`));
  }, CHECK_MS).unref();
  return () => clearInterval(timer);
}
