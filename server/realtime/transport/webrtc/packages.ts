/** The optional packages that WebRTC needs, loaded when the first call comes and not before. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type * as DataChannelLibrary from "node-datachannel";
import { createOpus, type Opus } from "./opus";

export interface WebRtcPackages {
  readonly rtc: typeof DataChannelLibrary;
  readonly opus: Opus;
}

/** A package is not installed, or not for this machine. The message says what to do. */
export class MissingPackageError extends Error {
  override readonly name = "MissingPackageError";
}

let loaded: Promise<WebRtcPackages> | undefined;

/** @throws MissingPackageError; the next call tries again. */
export function loadWebRtcPackages(): Promise<WebRtcPackages> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<WebRtcPackages> {
  const rtc = await attempt("node-datachannel", () => import("node-datachannel"));
  const opus = await attempt("@evan/opus", async () => {
    const { resolve } = createRequire(import.meta.url);
    // The package's own wrapper has no loss concealment, so only its compiled codec is used.
    return createOpus(await readFile(resolve("@evan/opus/wasm/simd.wasm")));
  });
  return { rtc, opus };
}

async function attempt<T>(name: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    throw new MissingPackageError(
      `WebRTC needs the package ${name}, which cannot be loaded. Install it: npm install node-datachannel @evan/opus`,
      { cause },
    );
  }
}
