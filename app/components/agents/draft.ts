/** An agent while it is edited. */
import type { Answers } from "../../lib/trpc";

export type Agent = Answers["agents"]["get"];
export type Config = Agent["config"];

export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly config: Config;
}

export interface DraftProps {
  readonly draft: Draft;
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly disabled: boolean;
  readonly onChange: (patch: Partial<Draft>) => void;
  readonly onConfig: (patch: Partial<Config>) => void;
}
