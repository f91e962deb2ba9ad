/** Where the server's certificate comes from: files of the operator's own, or an authority kept in the data folder. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { isIP } from "node:net";
import { join } from "node:path";
import type { TlsEnv } from "../../lib/env";
import { openDataDir, writePrivate } from "../data-dir";
import { describe, StartError, systemCode } from "../start-error";
import { createAuthority, issueCertificate, type Pair } from "./authority";

export interface ServerCertificate extends Pair {
  /** The authority that clients must be told to trust; undefined with a certificate of one's own. */
  readonly caFile: string | undefined;
  readonly validTo: Date;
}

export interface GeneratedOptions {
  readonly dataDir: string;
  /** What the server listens on; one more name for the certificate. */
  readonly host: string;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: number;
}

/** A certificate with less left than this is replaced. */
const RENEW_MS = 30 * 86_400_000;

/** The certificate to serve; undefined with `TLS=off`. Throws `StartError`. */
export async function serverCertificate(
  tls: TlsEnv,
  options: GeneratedOptions,
): Promise<ServerCertificate | undefined> {
  switch (tls.mode) {
    case "off":
      return undefined;
    case "own":
      return ownCertificate(tls.certFile, tls.keyFile);
    case "generated":
      return generatedCertificate(options);
    default:
      return tls satisfies never;
  }
}

/** Reads and checks the operator's certificate. Throws `StartError` naming the variable to fix. */
export async function ownCertificate(certFile: string, keyFile: string): Promise<ServerCertificate> {
  const cert = await readNamed("TLS_CERT", certFile);
  const key = await readNamed("TLS_KEY", keyFile);
  const parsed = attempt(`TLS_CERT=${certFile} is no certificate in PEM form`, () => new X509Certificate(cert));
  const hint = key.includes("ENCRYPTED")
    ? "is encrypted: store it without a passphrase"
    : "is no private key in PEM form";
  const privateKey = attempt(`TLS_KEY=${keyFile} ${hint}`, () => createPrivateKey(key));
  if (!parsed.checkPrivateKey(privateKey))
    throw new StartError(
      `TLS_CERT=${certFile} and TLS_KEY=${keyFile} do not belong together: use the key it was made with.`,
    );
  return { cert, key, caFile: undefined, validTo: new Date(parsed.validTo) };
}

/** The certificate under `DATA_DIR/tls`, made at the first start and renewed a month before it ends. Throws `StartError`. */
export async function generatedCertificate({
  dataDir,
  host,
  now = Date.now(),
}: GeneratedOptions): Promise<ServerCertificate> {
  const dir = await openDataDir(dataDir, "tls");
  const authority = (await readAuthority(dir, now)) ?? (await makeAuthority(dir, now));
  const names = certificateNames(host);
  let pair = await readPair(dir, "server");
  if (pair === undefined || !serves(pair, { authority, names, now })) {
    pair = await issueCertificate({ authority, names, now });
    await writePair(dir, "server", pair);
  }
  return { ...pair, caFile: join(dir, "ca.pem"), validTo: new Date(new X509Certificate(pair.cert).validTo) };
}

/** Every name by which this machine may be reached when it listens on `host`. */
export function certificateNames(host: string): string[] {
  const everywhere = host === "0.0.0.0" || host === "::";
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  const names = ["localhost", "127.0.0.1", "::1", hostname().toLowerCase(), ...(everywhere ? addresses : [host])];
  return [...new Set(names.map((name) => name.replace(/%.*$/, "")))].filter(
    (name) => isIP(name) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(name),
  );
}

async function readAuthority(dir: string, now: number): Promise<Pair | undefined> {
  const pair = await readPair(dir, "ca");
  if (pair === undefined || pair.cert === "") return undefined;
  const damaged = `The certificate authority in ${dir} is incomplete or damaged: delete that folder to make a new one`;
  const cert = attempt(damaged, () => new X509Certificate(pair.cert));
  if (!attempt(damaged, () => cert.checkPrivateKey(createPrivateKey(pair.key)))) throw new StartError(`${damaged}.`);
  return Date.parse(cert.validTo) - now > RENEW_MS ? pair : undefined;
}

async function makeAuthority(dir: string, now: number): Promise<Pair> {
  const pair = await createAuthority(now);
  await writePair(dir, "ca", pair);
  return pair;
}

interface Wanted {
  readonly authority: Pair;
  readonly names: readonly string[];
  readonly now: number;
}

/** Whether a kept certificate can go on being used; a damaged one cannot, and is simply replaced. */
function serves({ cert, key }: Pair, { authority, names, now }: Wanted): boolean {
  try {
    const leaf = new X509Certificate(cert);
    const covered = names.every((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined);
    return (
      covered &&
      Date.parse(leaf.validFrom) <= now &&
      Date.parse(leaf.validTo) - now > RENEW_MS &&
      leaf.verify(new X509Certificate(authority.cert).publicKey) &&
      leaf.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    return false;
  }
}

/** Undefined when neither file is there; an absent half reads as empty. */
async function readPair(dir: string, name: string): Promise<Pair | undefined> {
  const [cert, key] = await Promise.all(
    [`${name}.pem`, `${name}-key.pem`].map((file) => readOptional(join(dir, file))),
  );
  return cert === undefined && key === undefined ? undefined : { cert: cert ?? "", key: key ?? "" };
}

/** The key goes first: an authority's certificate without its key, after a crash in between, would count as damaged. */
async function writePair(dir: string, name: string, { cert, key }: Pair): Promise<void> {
  await writePrivate(join(dir, `${name}-key.pem`), key);
  await writePrivate(join(dir, `${name}.pem`), cert);
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw new StartError(`Cannot read ${path} (${systemCode(cause) ?? describe(cause)}): check its permissions.`, {
      cause,
    });
  }
}

async function readNamed(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new StartError(
      `${variable}=${path} cannot be read (${systemCode(cause) ?? describe(cause)}): check the path and its permissions.`,
      { cause },
    );
  }
}

function attempt<T>(message: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new StartError(`${message}.`, { cause });
  }
}
