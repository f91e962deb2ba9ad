/** Which Chromium the tests drive: the system's, else Playwright's own, else one that is installed now. It says which. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

export interface Browser {
  readonly executablePath: string;
  /** For people. */
  readonly origin: string;
}

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Undefined when there is none that starts. */
export function findBrowser(): Browser | undefined {
  return systemBrowser() ?? playwrightBrowser();
}

/** Finds a Chromium, or installs one. Throws an Error that says what to do when that fails too. */
export function ensureBrowser(say: (line: string) => void): Browser {
  const found = findBrowser() ?? installPlaywrightBrowser(say) ?? installSystemBrowser(say);
  if (found === undefined) {
    throw new Error(
      "No Chromium, and none could be installed. Install chromium or google-chrome so that it is on PATH, " +
        "or run: npx playwright install --with-deps chromium",
    );
  }
  return found;
}

function systemBrowser(): Browser | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = paths.find((path) => existsSync(path) && starts(path));
  return executablePath === undefined ? undefined : { executablePath, origin: `the system's (${executablePath})` };
}

function playwrightBrowser(): Browser | undefined {
  const executablePath = chromium.executablePath();
  return existsSync(executablePath) && starts(executablePath)
    ? { executablePath, origin: `Playwright's own (${executablePath})` }
    : undefined;
}

/** A browser that lies there may still lack its libraries, or be a stub that only tells how to install it. */
function starts(path: string): boolean {
  return spawnSync(path, ["--version"], { timeout: 20_000 }).status === 0;
}

function installPlaywrightBrowser(say: (line: string) => void): Browser | undefined {
  say("No Chromium found: installing Playwright's own (npx playwright install chromium).");
  const ok = run("npx", ["playwright", "install", "chromium"]);
  return ok ? playwrightBrowser() : undefined;
}

function installSystemBrowser(say: (line: string) => void): Browser | undefined {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  say("That did not work: installing the package chromium with apt-get.");
  const ok = run("apt-get", ["update"]) && run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"]);
  return ok ? systemBrowser() : undefined;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit", timeout: 600_000 }).status === 0;
}
