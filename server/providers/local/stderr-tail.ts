import type { Readable } from "node:stream";

const KEPT_CHARACTERS = 8_192;

/** Reads a program's error output to its end, and remembers only the last of it. */
export class StderrTail {
  #text = "";

  constructor(stream: Readable) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-KEPT_CHARACTERS);
    });
  }

  /** The last line that tells of an error, else the last line of all; undefined when nothing was said. */
  reason(): string | undefined {
    const lines = this.#text.split("\n").map((line) => line.trim());
    const spoken = lines.filter((line) => line !== "");
    return spoken.findLast((line) => /\b(error|fatal|failed)\b/i.test(line)) ?? spoken.at(-1);
  }
}
