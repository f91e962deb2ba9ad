import { mkdir, readdir, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SpeechToText } from "../../realtime/engine/types";
import { eventually, runs, Scratch } from "./__fixtures__/fake-command";
import { textOf, tone, transcriptOf } from "./__fixtures__/transcripts";
import { createPocketsphinx, findPocketsphinx, type PocketsphinxOptions } from "./pocketsphinx";

/** Speaks the interface of `pocketsphinx_batch`: names come in, `words (name score)` goes out. */
const BATCH = (eachUtterance: string): string => `
while [ $# -gt 0 ]; do
  case "$1" in -cepdir) dir=$2 ;; -cepext) ext=$2 ;; -ctl) ctl=$2 ;; -hyp) hyp=$2 ;; esac
  shift
done
echo "pid $$" >> "$LOG"
exec > "$hyp"
while read -r name; do
  file="$dir/$name$ext"
  ${eachUtterance}
done < "$ctl"`;
const SAYS_SIZE = `echo "$(wc -c < "$file") bytes ($name -4321)"`;

let scratch: Scratch;
let stt: SpeechToText;

beforeEach(async () => {
  scratch = await Scratch.create();
  await mkdir(scratch.path("tmp"));
  vi.stubEnv("TMPDIR", scratch.path("tmp"));
});
afterEach(async () => {
  await stt?.close?.();
  vi.unstubAllEnvs();
  await scratch.remove();
});

async function start(eachUtterance: string, options?: PocketsphinxOptions): Promise<SpeechToText> {
  const command = await scratch.command("pocketsphinx_batch", BATCH(eachUtterance));
  return (stt = createPocketsphinx({ command, modelDir: scratch.path("model") }, options));
}

const pids = async (): Promise<number[]> =>
  (await scratch.log()).flatMap((line) => (line.startsWith("pid ") ? [Number(line.slice(4))] : []));
const recordings = (): Promise<string[]> => readdir(scratch.path("tmp"));

describe("findPocketsphinx", () => {
  async function installModel(): Promise<void> {
    await mkdir(scratch.path("model/en-us/en-us"), { recursive: true });
    for (const file of ["en-us/mdef", "en-us.lm.bin", "cmudict-en-us.dict"]) {
      await writeFile(scratch.path("model/en-us", file), "");
    }
  }
  const env = (): Record<string, string> => ({ PATH: scratch.path("bin"), POCKETSPHINX_PATH: scratch.path("model") });

  it("finds the program on PATH and its model", async () => {
    const command = await scratch.command("pocketsphinx_batch", "");
    await installModel();
    expect(await findPocketsphinx(env())).toEqual({ command, modelDir: scratch.path("model/en-us") });
  });

  it("finds a model that was installed beside the program", async () => {
    const command = await scratch.command("pocketsphinx_batch", "");
    await installModel();
    await mkdir(scratch.path("share/pocketsphinx/model/en-us/en-us"), { recursive: true });
    for (const file of ["en-us/mdef", "en-us.lm.bin", "cmudict-en-us.dict"]) {
      await writeFile(scratch.path("share/pocketsphinx/model/en-us", file), "");
    }
    const modelDir = scratch.path("share/pocketsphinx/model/en-us");
    expect(await findPocketsphinx({ PATH: scratch.path("bin") })).toEqual({ command, modelDir });
  });

  it("finds nothing without the program", async () => {
    await installModel();
    expect(await findPocketsphinx(env())).toBeUndefined();
  });

  it("does not take a file that may not be run for the program", async () => {
    await installModel();
    await mkdir(scratch.path("bin"));
    await writeFile(scratch.path("bin/pocketsphinx_batch"), "text", { mode: 0o644 });
    expect(await findPocketsphinx(env())).toBeUndefined();
  });
});

describe("createPocketsphinx", () => {
  it("hands over 16 kHz audio and gives back the words and how long it lasted", async () => {
    await start(SAYS_SIZE);
    expect(await transcriptOf(stt, { audio: tone(0.5, 24_000) })).toEqual([
      { type: "done", text: "16000 bytes", usage: { type: "duration", seconds: 0.5 } },
    ]);
  });

  it("loads the model once for many utterances", async () => {
    await start(SAYS_SIZE);
    for (let i = 0; i < 5; i++) await textOf(stt, { audio: tone(0.1) });
    expect(await pids()).toHaveLength(1);
  });

  it("is ready before anybody has spoken", async () => {
    await start(SAYS_SIZE);
    await eventually(async () => (await pids()).length === 1);
  });

  it("runs no more processes than it may, and each recording gets its own words", async () => {
    await start(`sleep 0.02; ${SAYS_SIZE}`, { processes: 2 });
    const lengths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const texts = await Promise.all(lengths.map((seconds) => textOf(stt, { audio: tone(seconds) })));
    expect(texts).toEqual(lengths.map((seconds) => `${Math.round(seconds * 32_000)} bytes`));
    expect(await pids()).toHaveLength(2);
  });

  it("gives an empty text when no words were found", async () => {
    await start(`echo " ($name -4321)"`);
    expect(await textOf(stt, { audio: tone(0.5) })).toBe("");
  });

  it("does not ask for audio too short to hold a word", async () => {
    await start("exit 1");
    expect(await textOf(stt, { audio: tone(0) })).toBe("");
    expect(await textOf(stt, { audio: tone(0.02) })).toBe("");
  });

  it("leaves no recording behind, whatever happened", async () => {
    await start(`[ -e "$LOG.once" ] && ${SAYS_SIZE} || { touch "$LOG.once"; exit 1; }`);
    await expect(textOf(stt, { audio: tone(0.2) })).rejects.toThrow();
    expect(await recordings()).toEqual([]);
    await textOf(stt, { audio: tone(0.2) });
    expect(await recordings()).toEqual([]);
  });

  it("keeps recordings to this user", async () => {
    await start(`echo "$(stat -c %a "$(dirname "$file")") ($name -1)"`);
    expect(await textOf(stt, { audio: tone(0.2) })).toBe("700");
  });

  it("gives up after the timeout, ends the process and goes on with a fresh one", async () => {
    await start(`[ -e "$LOG.once" ] || { touch "$LOG.once"; exec sleep 60; }; ${SAYS_SIZE}`, { timeoutMs: 150 });
    await expect(textOf(stt, { audio: tone(0.1) })).rejects.toMatchObject({
      name: "EngineError",
      stage: "stt",
      code: "timeout",
      retryable: true,
    });
    const [hung] = await pids();
    await eventually(() => !runs(hung!));
    expect(await textOf(stt, { audio: tone(4) })).toBe("128000 bytes");
  });

  it("ends the process at once when the signal aborts", async () => {
    await start(`touch "$LOG.asked"; exec sleep 60`);
    const controller = new AbortController();
    const outcome = textOf(stt, { audio: tone(0.2), signal: controller.signal }).catch((error: unknown) => error);
    await eventually(async () => (await readdir(scratch.folder)).includes("log.asked"));
    const reason = new Error("hung up");
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    const [asked] = await pids();
    await eventually(() => !runs(asked!));
    await eventually(async () => (await recordings()).length === 0);
  });

  it("does nothing for a signal that aborted before", async () => {
    await start(SAYS_SIZE);
    await expect(textOf(stt, { audio: tone(0.2), signal: AbortSignal.abort("gone") })).rejects.toBe("gone");
  });

  it("tells why pocketsphinx ended, and goes on with a fresh process", async () => {
    await start(`
      [ -e "$LOG.once" ] && { ${SAYS_SIZE}; continue; }
      touch "$LOG.once"
      echo 'INFO: loading' >&2; echo 'ERROR: "acmod.c", line 79: no model' >&2; exit 1`);
    await expect(textOf(stt, { audio: tone(0.2) })).rejects.toMatchObject({
      name: "EngineError",
      code: "failed",
      message: 'pocketsphinx ended: ERROR: "acmod.c", line 79: no model',
    });
    expect(await textOf(stt, { audio: tone(0.5) })).toBe("16000 bytes");
  });

  it("goes on when a waiting process was ended by somebody else", async () => {
    await start(SAYS_SIZE);
    await textOf(stt, { audio: tone(0.2) });
    const [waiting] = await pids();
    process.kill(waiting!, "SIGKILL");
    await eventually(() => !runs(waiting!));
    expect(await textOf(stt, { audio: tone(0.5) })).toBe("16000 bytes");
  });

  it("tells that the program could not be started", async () => {
    stt = createPocketsphinx({ command: scratch.path("nowhere"), modelDir: scratch.path("model") });
    await expect(textOf(stt, { audio: tone(0.2) })).rejects.toThrow(/pocketsphinx ended: .*nowhere.*not found/);
  });

  it("is not held up by a talkative program", async () => {
    await start(`head -c 300000 /dev/zero | tr '\\0' 'x' >&2; ${SAYS_SIZE}`);
    expect(await textOf(stt, { audio: tone(0.5) })).toBe("16000 bytes");
  });

  it("hears English only", async () => {
    await start(SAYS_SIZE);
    await expect(textOf(stt, { audio: tone(0.2), language: "de" })).rejects.toMatchObject({ code: "bad_request" });
    expect(await textOf(stt, { audio: tone(0.5), language: "en-GB" })).toBe("16000 bytes");
  });

  it("closes: what runs and what waits is refused, and no process is left", async () => {
    await start("exec sleep 60", { processes: 1 });
    const outcomes = [0.2, 0.3].map((seconds) =>
      textOf(stt, { audio: tone(seconds) }).catch((error: Error) => error.message),
    );
    await eventually(async () => (await recordings()).length === 1);
    await stt.close?.();
    expect(await Promise.all(outcomes)).toEqual([
      "The local recogniser was closed.",
      "The local recogniser was closed.",
    ]);
    expect((await pids()).filter(runs)).toEqual([]);
    await expect(textOf(stt, { audio: tone(0.2) })).rejects.toThrow("The local recogniser was closed.");
  });
});
