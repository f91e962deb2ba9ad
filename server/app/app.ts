/** What the server sees of the team app. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Env } from "../../lib/env";
import type { Logger } from "../../lib/logger";
import type { ServerOffer } from "../api/context";
import type { StageProvider } from "../stages/inventory";
import type { Storage } from "../storage/storage";

export interface AppOptions {
  readonly env: Env;
  readonly log: Logger;
  readonly offer: ServerOffer;
  /** Who answers here, to be looked at and tested. */
  readonly providers: readonly StageProvider[];
  readonly storage: Pick<Storage, "services" | "options" | "setupToken" | "audio" | "live">;
}

export interface App {
  /** False: the path is not the app's. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void> | false;
  close(): Promise<void>;
}

/** Throws `StartError` for everything that the operator can fix. */
export type OpenApp = (options: AppOptions) => Promise<App>;
