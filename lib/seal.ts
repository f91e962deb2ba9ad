/** Secrets that must be read again are kept sealed: AES-256-GCM under a key that is not in the database. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

export interface Sealer {
  seal(text: string): string;
  /** @throws when it was sealed with another key, or changed since. */
  open(sealed: string): string;
}

const VERSION = "v1";

/** `secret` may be any text of enough chance; the key is derived from it. */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync("sha256", secret, "antiphon", "sealed secrets", 32));
  return {
    seal: (text) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [VERSION, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString("base64url"))].join(".");
    },
    open: (sealed) => {
      const [version, ...parts] = sealed.split(".");
      const [nonce, tag, body] = parts.map((part) => Buffer.from(part, "base64url"));
      if (version !== VERSION || !nonce || !tag || !body) throw new Error("This is no sealed secret.");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 }).setAuthTag(tag);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new Error("A sealed secret cannot be opened: it was sealed under another ANTIPHON_SECRET.", { cause });
      }
    },
  };
}
