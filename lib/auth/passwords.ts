/** Hashes and checks passwords without stopping anybody's conversation. */
import { Worker } from "node:worker_threads";

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False for a wrong password, and for no hash at all, which takes just as long. */
  verify(password: string, hash: string | null): Promise<boolean>;
  close(): Promise<void>;
}

/** More than these waiting would take seconds: refused instead. */
const MAX_WAITING = 64;

/** What is checked where there is no hash, so that the time tells nobody which e-mail addresses exist. */
const NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$/////////////////////////////////////////zw";

interface Waiting {
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

export class TooManyPasswords extends Error {
  override readonly name = "TooManyPasswords";
}

export function createPasswordHasher(): PasswordHasher {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let next = 0;

  const failAll = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./password-worker.mjs", import.meta.url), { execArgv: [] });
    started.on("message", ({ id, result, error }: { id: number; result: string | boolean; error?: string }) => {
      const call = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(error));
    });
    started.on("error", failAll);
    started.on("exit", () => started === worker && failAll(new Error("The password worker ended.")));
    return started;
  };
  const ask = (question: { password: string; hash?: string }): Promise<string | boolean> => {
    if (waiting.size >= MAX_WAITING) return Promise.reject(new TooManyPasswords("Too many logins at a time."));
    worker ??= start();
    worker.ref();
    const id = next++;
    const answer = new Promise<string | boolean>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage({ id, ...question });
    return answer;
  };

  return {
    hash: async (password) => String(await ask({ password: password.normalize("NFKC") })),
    verify: async (password, hash) =>
      (await ask({ password: password.normalize("NFKC"), hash: hash ?? NOBODY })) === true && hash !== null,
    close: async () => {
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
}
