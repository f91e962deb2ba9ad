/** The life of a server process: start, banner, signals, faults that nobody caught. */
import { EnvError, type Env, loadEnv } from "../lib/env";
import { createLogger, type Logger } from "../lib/logger";
import { banner } from "./banner";
import { boot, type BootOptions, type RunningServer } from "./boot";
import type { Providers } from "./stages/providers";
import { StartError } from "./start-error";

export interface RunOptions {
  readonly providers: Providers;
  readonly startPage?: (log: Logger) => NonNullable<BootOptions["startPage"]>;
  readonly openStorage?: (env: Env) => BootOptions["openStorage"];
  readonly openApp?: BootOptions["openApp"];
}

/** Milliseconds that running replies get to end. */
const DRAIN_MS = 10_000;

/** Runs until a signal ends the process. What the operator can fix is printed as it is, and the exit code is 1. */
export async function run({ providers, startPage, openStorage, openApp }: RunOptions): Promise<void> {
  let log: Logger | undefined;
  try {
    const env: Env = loadEnv();
    log = createLogger({ level: env.logLevel });
    surviveFaults(log);
    const server = await boot({
      env,
      log,
      providers,
      startPage: startPage?.(log),
      openStorage: openStorage?.(env),
      openApp,
    });
    process.stdout.write(banner({ ...server.facts, startMs: performance.now() }));
    endOnSignals(server, log);
  } catch (error) {
    if (error instanceof EnvError || error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else if (log) log.error("The server cannot start.", error);
    else throw error;
    process.exit(1);
  }
}

/** One session's fault must not end the others. Nothing here keeps state across sessions that a fault could leave torn. */
function surviveFaults(log: Logger): void {
  process.on("uncaughtException", (error) => log.error("A fault that nobody caught; the server goes on.", error));
  process.on("unhandledRejection", (reason) =>
    log.error("A promise that nobody awaited failed; the server goes on.", reason),
  );
}

/** The first signal lets running replies end; the second one ends the process at once. */
function endOnSignals(server: RunningServer, log: Logger): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    log.info("Closing. Running replies may end; a second signal ends them at once.");
    server.close(DRAIN_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error("The server did not close cleanly.", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
