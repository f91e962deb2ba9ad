/** What can go wrong, in words that say what to do about it. */

export interface Problem {
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
}

export type ProblemCode =
  | "not-allowed"
  | "token-expired"
  | "session-expired"
  | "server-away"
  | "connection-lost"
  | "refused"
  | "microphone-refused"
  | "microphone-missing"
  | "microphone-busy"
  | "microphone-insecure"
  | "microphone-lost";

const WORDS: Readonly<Record<ProblemCode, readonly [title: string, detail: string]>> = {
  "not-allowed": [
    "Your role does not allow talking",
    "Ask an owner or an admin of your organisation to make you a developer.",
  ],
  "token-expired": ["The access token has expired", "Connect again to get a fresh one."],
  "session-expired": [
    "This session reached its time limit",
    "Start a new one to go on talking. The assistant will not remember this one.",
  ],
  "server-away": ["The server does not answer", "It may be restarting, or the network is down."],
  "connection-lost": ["The connection was lost", "The server may be restarting, or the network is down."],
  refused: ["The server closed the session", "Connect again to start a new one."],
  "microphone-refused": [
    "The microphone is blocked for this page",
    "Allow it in the address bar of your browser, then try again. Typing works without it.",
  ],
  "microphone-missing": [
    "No microphone was found",
    "Plug one in or switch it on, then try again. Typing works without it.",
  ],
  "microphone-busy": [
    "The microphone could not be opened",
    "Another program may be using it. Close that program, then try again. Typing works without it.",
  ],
  "microphone-insecure": [
    "The microphone needs a secure address",
    "Browsers allow it on https and on localhost only. Open this page by https; the same port answers it.",
  ],
  "microphone-lost": ["The microphone was disconnected", "Plug it in again, then try once more."],
};

/** `detail` replaces the usual advice, for example with the server's own words. */
export function problem(code: ProblemCode, detail?: string): Problem {
  const [title, usual] = WORDS[code];
  return { code, title, detail: detail ?? usual };
}

/** A problem on its way up; everything else that is thrown is unexpected. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** What `getUserMedia` threw, in words. */
export function microphoneProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return problem("microphone-refused");
  if (name === "NotFoundError" || name === "OverconstrainedError") return problem("microphone-missing");
  return problem("microphone-busy");
}
