/** What every snippet is made of. */
export interface SnippetParts {
  /** Of this server, for example `http://localhost:3000`. */
  readonly origin: string;
  readonly model: string;
  readonly session: object;
  /** Undefined: taken from the environment. */
  readonly apiKey?: string;
}

export function key({ apiKey }: SnippetParts): string {
  return apiKey === undefined ? "process.env.ANTIPHON_API_KEY" : JSON.stringify(apiKey);
}

/** Indented to stand `depth` spaces in. */
export function json(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${" ".repeat(depth)}`);
}
