/** Finds the key that a request presents, wherever the official clients put it. */

const KEY_SUBPROTOCOL = "openai-insecure-api-key.";
const BETA_SUBPROTOCOL = "openai-beta.realtime-v1";

/** The subprotocols that a WebSocket client offers. */
function subprotocols(headers: Headers): string[] {
  const offered = headers.get("sec-websocket-protocol") ?? "";
  return offered.split(",").map((name) => name.trim());
}

/** `Authorization: Bearer`, then the `api-key` header, then a browser's subprotocol; null when there is none. */
export function presentedKey(headers: Headers): string | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer) return bearer;
  const apiKey = headers.get("api-key")?.trim();
  if (apiKey) return apiKey;
  const carrier = subprotocols(headers).find((name) => name.startsWith(KEY_SUBPROTOCOL));
  return carrier?.slice(KEY_SUBPROTOCOL.length) || null;
}

/** Whether the client asks for the protocol as it was before general availability. */
export function asksForBeta(headers: Headers): boolean {
  return /\brealtime=v1\b/.test(headers.get("openai-beta") ?? "") || subprotocols(headers).includes(BETA_SUBPROTOCOL);
}

/** Enough of a key to recognise it, too little to use it. */
export function maskKey(key: string): string {
  const printable = key.replace(/[^\x21-\x7e]/g, "?");
  if (printable.length < 16) return "*".repeat(printable.length);
  return `${printable.slice(0, 4)}${"*".repeat(8)}${printable.slice(-4)}`;
}
