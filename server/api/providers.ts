/** The providers as pages see them. They are the operator's: what they are is read here, and chosen in the environment. */

export interface ProviderView {
  readonly id: string;
  readonly stage: "stt" | "llm" | "tts" | "speech" | "vad" | "relay";
  readonly name: string;
  /** Why it was chosen. */
  readonly reason: string;
  /** It runs on the server's own machine. */
  readonly local: boolean;
  /** The model names that it answers for. */
  readonly models: readonly string[];
}

export type ProviderCheck = { readonly name: string; readonly ms: number } & (
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly code: string; readonly message: string }
);

export interface ProviderDesk {
  list(): readonly ProviderView[];
  /** One real, small request. @throws ServiceError `not_found`, or `rate_limited` where `org` asks too often */
  check(id: string, org: string): Promise<ProviderCheck>;
}
