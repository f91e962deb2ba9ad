/** Argon2id, in a thread of its own: one hash takes as long as a thousand frames of audio. */
import { argon2id, argon2Verify } from "hash-wasm";
import { randomBytes } from "node:crypto";
import { parentPort } from "node:worker_threads";

// OWASP's second choice: 19 MiB, two passes, one lane.
const COST = { parallelism: 1, iterations: 2, memorySize: 19_456, hashLength: 32 };

/** One after the other, in the order in which they came. */
let last = Promise.resolve();
parentPort.on("message", ({ id, password, hash }) => {
  last = last.then(async () => {
    try {
      const result =
        hash === undefined
          ? await argon2id({ ...COST, password, salt: randomBytes(16), outputType: "encoded" })
          : await argon2Verify({ password, hash });
      parentPort.postMessage({ id, result });
    } catch (error) {
      parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
});
