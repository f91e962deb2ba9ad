/** How the page gets in: a short-lived client secret, minted by the server for whoever is logged in. */

export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly server: ServerInfo;
}

/** What the server tells about itself, beside the secret; all of it may be missing. */
export interface ServerInfo {
  /** What thinks and speaks, for example `pipeline(pocketsphinx → offline → flite)`. */
  readonly engine: string | undefined;
  readonly voices: readonly string[] | undefined;
}
