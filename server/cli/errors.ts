/** The command cannot do what it was asked for: shown as one line, and the exit code is 1. */
export class CliError extends Error {
  override readonly name = "CliError";
  /** Whether the connection is lost with it, so that a conversation cannot go on. */
  readonly final: boolean;

  constructor(message: string, { final = true, ...options }: ErrorOptions & { readonly final?: boolean } = {}) {
    super(message, options);
    this.final = final;
  }
}
