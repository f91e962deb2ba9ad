import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isFile } from "./find-command";

/** Best for conversation first: quick enough to answer, good enough to understand; the larger ones take seconds. */
const SIZES = ["base", "small", "tiny", "large-v3-turbo", "medium", "large-v3", "large-v2", "large-v1"];

export interface WhisperModelSearch {
  /** Path of the program: models may have been installed or downloaded beside it. */
  readonly command: string;
  /** A path, or a name such as `base.en`; undefined takes the best one for conversation. */
  readonly wanted: string | undefined;
}

/** The path of a ggml model, or undefined when there is none. */
export async function findWhisperModel({ command, wanted }: WhisperModelSearch): Promise<string | undefined> {
  if (wanted !== undefined && (isAbsolute(wanted) || (await isFile(wanted)))) {
    return (await isFile(wanted)) ? resolve(wanted) : undefined;
  }
  for (const folder of modelFolders(command)) {
    const files = await readdir(folder).catch(() => []);
    const chosen = wanted === undefined ? best(files) : files.find((file) => modelName(file) === wanted);
    if (chosen !== undefined) return join(folder, chosen);
  }
  return undefined;
}

function modelFolders(command: string): string[] {
  const bin = dirname(command);
  return [
    resolve("models"),
    resolve(bin, "models"),
    // A build folder of whisper.cpp itself: build/bin/whisper-cli.
    resolve(bin, "../../models"),
    ...["whisper-cpp", "whisper.cpp"].flatMap((name) => [
      resolve(bin, "../share", name),
      resolve(bin, "../share", name, "models"),
      join(homedir(), ".cache", name),
      join(homedir(), ".local/share", name, "models"),
      join("/usr/share", name, "models"),
      join("/usr/local/share", name, "models"),
    ]),
    join(homedir(), ".cache/whisper"),
  ];
}

/** `ggml-base.en-q5_1.bin` is the model `base.en-q5_1`; undefined for files that are no speech model. */
function modelName(file: string): string | undefined {
  const name = /^ggml-(.+)\.bin$/.exec(file)?.[1];
  return name === undefined || /silero|for-tests/.test(name) ? undefined : name;
}

function best(files: readonly string[]): string | undefined {
  const ranked = files.flatMap((file) => {
    const name = modelName(file);
    return name === undefined ? [] : [{ file, rank: rankOf(name) }];
  });
  // English-only and quantised variants of a size rank after its plain, multilingual model.
  ranked.sort((a, b) => a.rank - b.rank || a.file.length - b.file.length || (a.file < b.file ? -1 : 1));
  return ranked[0]?.file;
}

function rankOf(name: string): number {
  const size = SIZES.findIndex((each) => name === each || name.startsWith(`${each}.`) || name.startsWith(`${each}-`));
  return size < 0 ? SIZES.length : size;
}
