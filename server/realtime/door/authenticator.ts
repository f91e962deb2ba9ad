/** Runs the gate in front of everything: client secrets, the host's `authenticate`, and a deadline on both. */
import type { AuthRequest, Authenticate, Identity } from "./auth";
import { withoutQueryKeys } from "./query-keys";
import { maskKey, presentedKey } from "./credentials";
import { ProtocolError, errors } from "../protocol/errors";
import { Refusal, refusalFromHost, refusals } from "./refusal";
import type { SecretStore } from "./secrets";
import { hashSecret, isClientSecret } from "./secrets";
import type { UsageGate } from "../usage-gate";

export interface AuthenticatorOptions {
  readonly authenticate: Authenticate;
  readonly secrets: SecretStore;
  readonly timeoutMs: number;
  /** Asked when somebody known calls a REST route. */
  readonly usage?: UsageGate | undefined;
  /** Told what the host's code threw. */
  readonly onFault: (error: unknown) => void;
}

/** Where a request comes from, as the transports and the HTTP adapters know it. */
export interface RequestOrigin {
  readonly url: URL;
  readonly headers: Headers;
  readonly remoteAddress: string | undefined;
}

export interface Identified {
  readonly identity: Identity;
  /** True for a client secret, which may open sessions and nothing else. */
  readonly isClientSecret: boolean;
}

interface Question extends Omit<AuthRequest, "key" | "signal"> {
  /** Azure's rules hold: the URL may carry a key of any kind. */
  readonly azure?: boolean;
}

export class Authenticator {
  constructor(private readonly options: AuthenticatorOptions) {}

  /** Who asks. Rejects with a `Refusal`, never with anything else, and never later than the deadline. */
  async identify(question: Question, given?: AbortSignal): Promise<Identified> {
    const { timeoutMs } = this.options;
    const abort = new AbortController();
    const giveUp = (): void => abort.abort();
    given?.addEventListener("abort", giveUp, { once: true });
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(refusals.authenticationTimeout(timeoutMs / 1000)), timeoutMs);
    });
    try {
      return await Promise.race([this.admit(authRequest(question, abort.signal)), deadline]);
    } catch (error) {
      throw this.toRefusal(error);
    } finally {
      clearTimeout(timer);
      given?.removeEventListener("abort", giveUp);
      abort.abort();
    }
  }

  private async admit(request: AuthRequest): Promise<Identified> {
    const identified = await this.decide(request);
    if (request.purpose === "rest") await this.options.usage?.request?.(identified.identity);
    return identified;
  }

  private async decide(request: AuthRequest): Promise<Identified> {
    const { key } = request;
    if (key !== null && isClientSecret(key)) {
      return { identity: await this.redeem(key, request), isClientSecret: true };
    }
    const identity = await this.options.authenticate(request);
    if (!identity)
      throw refusals.unauthorized(key === null ? errors.missingApiKey() : errors.invalidApiKey(maskKey(key)));
    if (typeof identity.tenant !== "string" || identity.tenant === "") {
      throw new TypeError("`authenticate` must return null or an identity with a `tenant`.");
    }
    return { identity, isClientSecret: false };
  }

  private async redeem(key: string, { headers, purpose }: AuthRequest): Promise<Identity> {
    const { secrets } = this.options;
    const hash = hashSecret(key);
    const secret = await secrets.find(hash);
    const unknown = (): Refusal => refusals.unauthorized(errors.invalidApiKey(maskKey(key)));
    if (!secret || secret.expiresAt <= Date.now()) throw unknown();
    if (secret.origins && secret.origins.length > 0 && !secret.origins.includes(headers.get("origin") ?? ""))
      throw refusals.originForbidden();
    if (secret.singleUse && purpose === "session" && !(await secrets.use?.(hash))) throw unknown();
    return secret.grant;
  }

  private toRefusal(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof ProtocolError) return refusalFromHost(error);
    this.options.onFault(error);
    return refusals.serverError();
  }
}

/** @throws Refusal for a key where none belongs. */
function authRequest({ azure = false, ...question }: Question, signal: AbortSignal): AuthRequest {
  const { url, headers } = withoutQueryKeys(question, azure);
  return { ...question, url, headers, key: presentedKey(headers), signal };
}
