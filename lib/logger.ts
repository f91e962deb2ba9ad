/** The server's log: JSON lines on standard error, or short lines for people when that is a terminal. */
import pino from "pino";
import type { LogLevel } from "./env";

/** What happened, in a sentence; `details` are its fields, or the error behind it. */
export interface Logger {
  debug(message: string, details?: unknown): void;
  info(message: string, details?: unknown): void;
  warn(message: string, details?: unknown): void;
  error(message: string, details?: unknown): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where lines go. Default: standard error. */
  readonly output?: { write(text: string): unknown };
  /** Short lines instead of JSON. Default: whether standard error is a terminal. */
  readonly pretty?: boolean;
}

/** Fields that hold secrets wherever they turn up. */
const SECRETS = ["authorization", "apiKey", "api_key", "key", "secret", "token", "cookie"];
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`]).concat(
  'headers["api-key"]',
  'headers["sec-websocket-protocol"]',
);

export function createLogger({ level, output = process.stderr, pretty = process.stderr.isTTY }: LoggerOptions): Logger {
  const write = (line: string): void => void output.write(pretty ? prettyLine(line) : line);
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: REDACTED, censor: "[redacted]" },
    },
    { write },
  );
  return {
    debug: (message, details) => log.debug(toFields(details), message),
    info: (message, details) => log.info(toFields(details), message),
    warn: (message, details) => log.warn(toFields(details), message),
    error: (message, details) => log.error(toFields(details), message),
  };
}

function toFields(details: unknown): object {
  if (details === undefined) return {};
  if (details instanceof Error) return { error: details };
  return typeof details === "object" && details !== null && !Array.isArray(details) ? details : { details };
}

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly error?: { readonly stack?: string };
  readonly [field: string]: unknown;
}

/** `12:30:01 warn  Something odd  session=sess_1`, with the stack of an error below it. */
function prettyLine(line: string): string {
  const { level, time, msg, error, ...fields } = JSON.parse(line) as Line;
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const head = [time.slice(11, 19), level.padEnd(5), msg ?? "", rest.join(" ")].filter((part) => part !== "").join(" ");
  return error?.stack === undefined ? `${head}\n` : `${head}\n${error.stack}\n`;
}
