/** JSON answers in the official shapes. */
import type { Refusal } from "../door/refusal";

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

/** `{ error: { message, type, code, param } }`. */
export function errorResponse({ error, status }: Refusal, headers: Record<string, string> = {}): Response {
  const { message, type, code, param } = error;
  const challenge: Record<string, string> = status === 401 ? { "www-authenticate": "Bearer" } : {};
  const again: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(error.retryAfterSeconds)) };
  return json(status, { error: { message, type, code, param } }, { ...challenge, ...again, ...headers });
}
