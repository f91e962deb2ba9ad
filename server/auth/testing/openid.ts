/** As much of an OpenID Connect provider as logging in needs: a key, tokens signed with it, and what it says of itself. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";

export interface Claims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export interface Authorization {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
}

export class OpenIdProvider {
  /** Who logs in next, as the token says it. */
  claims: Claims = { sub: "1" };
  /** What the endpoint about users says beyond that. */
  userinfo: Readonly<Record<string, unknown>> = {};
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly codes = new Map<string, Authorization>();
  private readonly accessTokens = new Set<string>();

  constructor(readonly issuer: string) {}

  discovery(): Record<string, unknown> {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      userinfo_endpoint: `${this.issuer}/userinfo`,
      jwks_uri: `${this.issuer}/jwks`,
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }

  jwks(): Record<string, unknown> {
    return { keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] };
  }

  /** What the person's browser is sent back with, once they agreed. */
  authorize(query: URLSearchParams): URL {
    const code = randomUUID();
    const redirectUri = query.get("redirect_uri") ?? "";
    this.codes.set(code, {
      clientId: query.get("client_id") ?? "",
      redirectUri,
      nonce: query.get("nonce") ?? undefined,
      challenge: query.get("code_challenge") ?? undefined,
    });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    return back;
  }

  /** Undefined: the code is unknown or used, or its verifier is wrong. */
  token(form: URLSearchParams): Record<string, unknown> | undefined {
    const code = form.get("code") ?? "";
    const authorization = this.codes.get(code);
    this.codes.delete(code);
    if (authorization === undefined || authorization.redirectUri !== form.get("redirect_uri")) return undefined;
    const { clientId, nonce, challenge } = authorization;
    if (challenge !== undefined && challenge !== s256(form.get("code_verifier") ?? "")) return undefined;
    const accessToken = randomUUID();
    this.accessTokens.add(accessToken);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, aud: clientId, iat: now, exp: now + 300, nonce, ...this.claims };
    return { access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: this.sign(claims) };
  }

  /** Undefined: the token was not given here. */
  about(authorization: string | null): Record<string, unknown> | undefined {
    const known = this.accessTokens.has(authorization?.replace(/^bearer /i, "") ?? "");
    return known ? { ...this.claims, ...this.userinfo } : undefined;
  }

  private sign(claims: Record<string, unknown>): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", kid: "1", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.keys.privateKey, "base64url")}`;
  }
}

function s256(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}
