import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { StartError } from "../start-error";
import { certificateNames, generatedCertificate, ownCertificate, serverCertificate } from "./certificates";

const DAY = 86_400_000;
const temporary = (): string => mkdtempSync(join(tmpdir(), "antiphon-tls-"));
const options = (dataDir: string, now?: number) => ({ dataDir, host: "127.0.0.1", now });

describe("a generated certificate", () => {
  it("is signed by an authority of its own, for every local name, for at most a year", async () => {
    const dataDir = temporary();
    const made = await generatedCertificate(options(dataDir));
    const leaf = new X509Certificate(made.cert);
    const authority = new X509Certificate(readFileSync(made.caFile ?? ""));

    expect(authority.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(authority) && leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    for (const name of ["localhost", hostname()]) expect(leaf.checkHost(name)).toBeDefined();
    for (const address of ["127.0.0.1", "::1"]) expect(leaf.checkIP(address)).toBeDefined();
    expect(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)).toBeLessThanOrEqual(366 * DAY);
    expect(Date.parse(authority.validTo) - Date.now()).toBeGreaterThan(3600 * DAY);
    expect(createPublicKey(made.key).asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
  });

  it("keeps its keys to this user alone", async () => {
    const dataDir = temporary();
    await generatedCertificate(options(dataDir));
    for (const file of ["ca-key.pem", "server-key.pem"])
      expect(statSync(join(dataDir, "tls", file)).mode & 0o777).toBe(0o600);
  });

  it("is the same at the next start", async () => {
    const dataDir = temporary();
    expect(await generatedCertificate(options(dataDir))).toEqual(await generatedCertificate(options(dataDir)));
  });

  it("is renewed a month before it ends, by the same authority", async () => {
    const dataDir = temporary();
    const first = await generatedCertificate(options(dataDir));
    const later = await generatedCertificate(options(dataDir, Date.now() + 340 * DAY));
    expect(later.cert).not.toBe(first.cert);
    const authority = new X509Certificate(readFileSync(first.caFile ?? ""));
    expect(new X509Certificate(later.cert).verify(authority.publicKey)).toBe(true);
    expect(Date.parse(new X509Certificate(later.cert).validTo)).toBeGreaterThan(Date.now() + 365 * DAY);
  });

  it("never outlives its authority, and both are renewed at the authority's end", async () => {
    const dataDir = temporary();
    const first = await generatedCertificate(options(dataDir));
    const authority = new X509Certificate(readFileSync(first.caFile ?? ""));
    const old = await generatedCertificate(options(dataDir, Date.now() + 3500 * DAY));
    expect(Date.parse(new X509Certificate(old.cert).validTo)).toBeLessThanOrEqual(Date.parse(authority.validTo));
    const renewed = await generatedCertificate(options(dataDir, Date.now() + 3640 * DAY));
    const successor = new X509Certificate(readFileSync(renewed.caFile ?? ""));
    expect(successor.fingerprint256).not.toBe(authority.fingerprint256);
    expect(new X509Certificate(renewed.cert).verify(successor.publicKey)).toBe(true);
  });

  it("is made anew when HOST is a name that it does not have, and when it is damaged", async () => {
    const dataDir = temporary();
    const first = await generatedCertificate(options(dataDir));
    const second = await generatedCertificate({ dataDir, host: "voice.example" });
    expect(second.cert).not.toBe(first.cert);
    expect(new X509Certificate(second.cert).checkHost("voice.example")).toBeDefined();
    writeFileSync(join(dataDir, "tls", "server.pem"), "nonsense");
    const third = await generatedCertificate(options(dataDir));
    expect(new X509Certificate(third.cert).checkHost("localhost")).toBeDefined();
  });

  it("refuses a damaged authority instead of quietly making one that nobody trusts", async () => {
    const dataDir = temporary();
    await generatedCertificate(options(dataDir));
    writeFileSync(join(dataDir, "tls", "ca-key.pem"), "nonsense");
    await expect(generatedCertificate(options(dataDir))).rejects.toThrow(
      /authority in .* incomplete or damaged: delete/,
    );
    rmSync(join(dataDir, "tls", "ca-key.pem"));
    await expect(generatedCertificate(options(dataDir))).rejects.toBeInstanceOf(StartError);
  });

  it("says what to do when the data folder cannot be made", async () => {
    const file = join(temporary(), "file");
    writeFileSync(file, "");
    await expect(generatedCertificate(options(join(file, "data")))).rejects.toThrow(/Cannot write to .*set DATA_DIR/);
  });
});

describe("certificateNames", () => {
  it("adds HOST, or every address of this machine when it listens everywhere", () => {
    expect(certificateNames("10.1.2.3")).toContain("10.1.2.3");
    expect(certificateNames("fe80::1%eth0")).toContain("fe80::1");
    expect(certificateNames("0.0.0.0")).not.toContain("0.0.0.0");
    expect(new Set(certificateNames("localhost")).size).toBe(certificateNames("localhost").length);
  });
});

describe("a certificate of one's own", () => {
  it("is served as it is", async () => {
    const { cert, key, caFile } = await generatedCertificate(options(temporary()));
    const dir = temporary();
    const [certFile, keyFile] = [join(dir, "a.pem"), join(dir, "a.key")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    expect(caFile).toBeDefined();
    expect(await serverCertificate({ mode: "own", certFile, keyFile }, options(dir))).toMatchObject({
      cert,
      key,
      caFile: undefined,
    });
  });

  it("is refused with one clear line", async () => {
    const dataDir = temporary();
    const first = await generatedCertificate(options(dataDir));
    const at = (name: string, text: string): string => {
      writeFileSync(join(dataDir, name), text);
      return join(dataDir, name);
    };
    const cert = at("cert.pem", first.cert);
    const key = at("key.pem", first.key);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const other = at("other.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const locked = at(
      "locked.pem",
      privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString(),
    );
    mkdirSync(join(dataDir, "folder"));

    const table: [string, string, RegExp][] = [
      [join(dataDir, "none.pem"), key, /^TLS_CERT=.*none\.pem cannot be read \(ENOENT\)/],
      [cert, join(dataDir, "folder"), /^TLS_KEY=.*folder cannot be read \(EISDIR\)/],
      [key, key, /^TLS_CERT=.* is no certificate in PEM form/],
      [cert, cert, /^TLS_KEY=.* is no private key in PEM form/],
      [cert, locked, /^TLS_KEY=.* is encrypted: store it without a passphrase/],
      [cert, other, /^TLS_CERT=.* and TLS_KEY=.* do not belong together/],
    ];
    for (const [certFile, keyFile, message] of table) {
      const refused = await ownCertificate(certFile, keyFile).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StartError);
      expect((refused as StartError).message).toMatch(message);
      expect((refused as StartError).message).not.toContain("\n");
    }
  });
});
