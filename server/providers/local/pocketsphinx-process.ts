import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { StderrTail } from "./stderr-tail";

export interface PocketsphinxProcessOptions {
  /** Path of `pocketsphinx_batch`. */
  readonly command: string;
  /** Folder of the US English model: `en-us/`, `en-us.lm.bin`, `cmudict-en-us.dict`. */
  readonly modelDir: string;
  /** Recordings are named relative to this folder, without `.raw`. */
  readonly folder: string;
}

interface Pending {
  readonly name: string;
  resolve(text: string): void;
  reject(error: Error): void;
}

// Node gives a child sockets, and those cannot be opened as /dev/stdin or /dev/stdout: two `cat` make them real pipes.
// Only the last one keeps the output open, so that its end tells of the recogniser's. The shell outlives a SIGTERM long
// enough to reap the others: where nobody else does (a container's first process), they would stay as zombies.
const PIPELINE = `
  trap "stop=1" TERM
  exec 3<&0
  cat <&3 | "$@" 3<&- | cat 3<&- &
  exec 0<&- 1>&- 3<&-
  [ -z "$stop" ] || kill 0
  wait; wait`;
const PATIENCE_MS = 1_000;

/**
 * One `pocketsphinx_batch` that has its model loaded and reads names of recordings from a pipe: loading takes most of
 * a second, so a process serves many utterances. Each is recognised by itself; nothing carries over to the next.
 */
export class PocketsphinxProcess {
  /** Resolves when the process and all that belongs to it are gone. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stderr: StderrTail;
  #pending: Pending | undefined;
  #alive = true;

  constructor({ command, modelDir, folder }: PocketsphinxProcessOptions) {
    const args = [
      ...["-hmm", `${modelDir}/en-us`, "-lm", `${modelDir}/en-us.lm.bin`, "-dict", `${modelDir}/cmudict-en-us.dict`],
      ...["-adcin", "yes", "-samprate", "16000", "-cepdir", folder, "-cepext", ".raw"],
      ...["-ctl", "/dev/stdin", "-hyp", "/dev/stdout"],
    ];
    // A group of its own, so that one signal reaches every part of the pipeline.
    this.#child = spawn("/bin/sh", ["-c", PIPELINE, "sh", command, ...args], { stdio: "pipe", detached: true });
    this.#stderr = new StderrTail(this.#child.stderr);
    this.#child.stdin.on("error", () => undefined);
    createInterface({ input: this.#child.stdout })
      .on("line", (line) => this.#onLine(line))
      .on("close", () => this.kill());
    this.exited = new Promise((resolve) => {
      const end = (error?: Error): void => {
        this.#onEnd(error);
        resolve();
      };
      this.#child.once("error", end).once("close", () => end());
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** What is said in `<folder>/<name>.raw` (16 kHz, 16 bit, mono), one at a time. Rejects when the process ends first. */
  recognise(name: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject(this.#death());
      this.#pending = { name, resolve, reject };
      this.#child.stdin.write(`${name}\n`);
    });
  }

  /** Ends it at once; a recognition under way is rejected. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#signal("SIGTERM");
    const timer = setTimeout(() => this.#signal("SIGKILL"), PATIENCE_MS);
    void this.exited.then(() => clearTimeout(timer));
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  }

  /** A line is the words, then the name and a score in brackets: `good morning (folder/speech -5130)`. */
  #onLine(line: string): void {
    const match = /^(.*?) ?\((\S+) -?\d+\)$/.exec(line);
    const pending = this.#pending;
    if (!match || !pending || pending.name !== match[2]) return;
    this.#pending = undefined;
    pending.resolve(match[1]!.trim());
  }

  #onEnd(error: Error | undefined): void {
    this.#alive = false;
    this.#pending?.reject(this.#death(error));
    this.#pending = undefined;
  }

  #death(cause?: Error): Error {
    const reason = this.#stderr.reason() ?? cause?.message;
    return new Error(reason ? `pocketsphinx ended: ${reason}` : "pocketsphinx ended.", { cause });
  }
}
