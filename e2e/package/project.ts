/** A project of somebody who uses the package: a folder far from this one, with what npm puts into it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EnvSource } from "../../lib/env";

/** Longer than any step takes, so that a hanging one is told as what it is. */
const STEP_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  /** Resolves with what `pattern` finds on standard output; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<Ended>;
}

type Command = readonly [file: string, ...args: string[]];

export class Project {
  private readonly running = new Set<ChildProcess>();

  private constructor(readonly folder: string) {}

  static async make(): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "antiphon-package-"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
    await cp(fileURLToPath(new URL("consumer", import.meta.url)), folder, { recursive: true });
    return new Project(folder);
  }

  async install(...packages: readonly string[]): Promise<void> {
    await this.run(["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], process.env);
  }

  /** Resolves with its standard output. Rejects when it does not end with 0. */
  async run(command: Command, env?: EnvSource): Promise<string> {
    const { code, out, err } = await this.ended(this.spawn(command, env));
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}.\n${out}${err}`);
    return out;
  }

  /** Resolves when it has ended, however. */
  async fail(command: Command, env: EnvSource): Promise<Ended> {
    return this.ended(this.spawn(command, env));
  }

  start(command: Command, env: EnvSource = {}): Started {
    const child = this.spawn(command, env);
    const ended = this.ended(child);
    let out = "";
    return {
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          child.stdout?.on("data", (chunk) => {
            const found = pattern.exec((out += String(chunk)));
            if (found) resolve(found);
          });
          ended.then((end) => reject(new Error(`${command.join(" ")} ended early: ${JSON.stringify(end)}`)), reject);
        }),
      stop: () => {
        child.kill("SIGTERM");
        return ended;
      },
    };
  }

  async remove(): Promise<void> {
    for (const child of this.running) child.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** `env`: the whole environment, beside what finds programs; everything else could be somebody's configuration. */
  private spawn([file, ...args]: Command, env: EnvSource = {}): ChildProcess {
    const { PATH, HOME } = process.env;
    const child = spawn(file, args, {
      cwd: this.folder,
      env: { PATH, HOME, NODE_ENV: "production" as const, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: STEP_MS,
      killSignal: "SIGKILL",
    });
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    return child;
  }

  private async ended(child: ChildProcess): Promise<Ended> {
    let [out, err] = ["", ""];
    child.stdout?.on("data", (chunk) => (out += String(chunk)));
    child.stderr?.on("data", (chunk) => (err += String(chunk)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, err };
  }
}
