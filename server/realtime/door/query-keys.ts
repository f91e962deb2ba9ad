/** Keys that came in a URL: taken out of it before anybody sees it, and presented as if they had come in a header. */
import type { RequestOrigin } from "./authenticator";
import { ProtocolError } from "../protocol/errors";
import { refusals } from "./refusal";
import { isClientSecret } from "./secrets";

const ACCESS_TOKEN = "access_token";
const AZURE_KEY = "api-key";
const REDACTED = "redacted";

/**
 * `access_token` may carry a client secret, `api-key` any key where Azure's rules hold. A key in a header counts first.
 *
 * @throws Refusal for an API key in `access_token`: URLs end up in logs and histories.
 */
export function withoutQueryKeys(origin: RequestOrigin, isAzure: boolean): RequestOrigin {
  const token = origin.url.searchParams.get(ACCESS_TOKEN);
  const apiKey = origin.url.searchParams.get(AZURE_KEY);
  if (token === null && apiKey === null) return origin;
  const url = new URL(origin.url);
  for (const name of [ACCESS_TOKEN, AZURE_KEY]) if (url.searchParams.has(name)) url.searchParams.set(name, REDACTED);
  if (token !== null && token !== "" && !isClientSecret(token)) throw refusals.unauthorized(keyInUrl());
  const headers = new Headers(origin.headers);
  if (token && !headers.has("authorization")) headers.set("authorization", `Bearer ${printable(token)}`);
  if (apiKey && isAzure && !headers.has("api-key")) headers.set("api-key", printable(apiKey));
  return { ...origin, url, headers };
}

/** A header takes no more; what is lost could not have been a key. */
function printable(key: string): string {
  return key.replace(/[^\x21-\x7e]/g, "");
}

function keyInUrl(): ProtocolError {
  return new ProtocolError("An API key does not belong in a URL: 'access_token' takes client secrets (ek_…) only.", {
    code: "invalid_api_key",
    param: ACCESS_TOKEN,
  });
}
