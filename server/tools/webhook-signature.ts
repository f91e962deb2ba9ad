/** Signatures as the Standard Webhooks specification has them, so that receivers can use the libraries that exist. */
import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/** Bytes of a secret: `whsec_` and base64, or any other text as it is. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), "base64") : Buffer.from(secret, "utf8");
}

export function webhookHeaders(message: SignedMessage, secret: string | undefined): Record<string, string> {
  const { id, timestamp, body } = message;
  const headers = { "webhook-id": id, "webhook-timestamp": String(timestamp) };
  if (secret === undefined) return headers;
  const signature = createHmac("sha256", secretBytes(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...headers, "webhook-signature": `v1,${signature}` };
}
