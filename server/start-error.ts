/** The server cannot start, and the operator can fix it: shown as one line, without a stack, and the exit code is 1. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The system's code of a failed call (`EADDRINUSE`, `EACCES`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Says what to do about a port that cannot be listened on. */
export function listenError(error: unknown, { host, port }: Address): StartError {
  const reason = listenReason(systemCode(error), { host, port });
  return new StartError(reason ?? `Cannot listen on ${host}:${port}: ${describe(error)}`, { cause: error });
}

function listenReason(code: string | undefined, { host, port }: Address): string | undefined {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use: stop the program that has it, or set PORT to another one.`;
    case "EACCES":
      return `This user may not listen on port ${port}: set PORT to 1024 or higher, or put a proxy in front.`;
    case "EADDRNOTAVAIL":
      return `HOST=${host} is no address of this machine: use 127.0.0.1, 0.0.0.0 or one of its own.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `HOST=${host} is not known: use an address such as 127.0.0.1 or 0.0.0.0.`;
    default:
      return undefined;
  }
}

/** The message of whatever was thrown. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
