/**
 * The webhook that tells a host's server of a call that rings, in the official shape and signed as the official ones
 * are (Standard Webhooks): whoever verifies with the `openai` package's `webhooks.unwrap` verifies this.
 */
import { createHmac, randomBytes } from "node:crypto";

export interface IncomingCallEvent {
  readonly object: "event";
  readonly id: string;
  readonly type: "realtime.call.incoming";
  /** Seconds since the epoch. */
  readonly created_at: number;
  readonly data: {
    readonly call_id: string;
    /** Of the INVITE, in their order, without those that carry credentials. */
    readonly sip_headers: readonly { readonly name: string; readonly value: string }[];
  };
}

export interface SignedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const CREDENTIALS = new Set(["authorization", "proxy-authorization"]);

export function incomingCall(callId: string, headers: Iterable<readonly [name: string, value: string]>) {
  return {
    object: "event",
    id: `evt_${randomBytes(16).toString("hex")}`,
    type: "realtime.call.incoming",
    created_at: Math.floor(Date.now() / 1000),
    data: {
      call_id: callId,
      sip_headers: [...headers]
        .filter(([name]) => !CREDENTIALS.has(name.toLowerCase()))
        .map(([name, value]) => ({ name, value })),
    },
  } satisfies IncomingCallEvent;
}

/**
 * The request that delivers an event.
 *
 * @param secret `whsec_` and the key in base64, as the receiver has it.
 * @throws TypeError when the secret has another form or is too short to protect anything.
 */
export function signWebhook(event: { readonly id: string }, secret: string, at = new Date()): SignedWebhook {
  const encoded = /^whsec_([\w+/-]+={0,2})$/.exec(secret)?.[1];
  const key = Buffer.from(encoded ?? "", "base64");
  if (key.length < 16) throw new TypeError("A webhook secret is 'whsec_' and at least 16 bytes in base64.");
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac("sha256", key).update(`${event.id}.${timestamp}.${body}`).digest("base64");
  return {
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": event.id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
  };
}
