import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeWav } from "../../realtime/audio/wav";
import type { SpeechToText } from "../../realtime/engine/types";
import { eventually, runs, Scratch } from "./__fixtures__/fake-command";
import { textOf, tone, transcriptOf } from "./__fixtures__/transcripts";
import { createWhisperCli, findWhisperCli, type WhisperCliOptions } from "./whisper-cli";

let scratch: Scratch;
let stt: SpeechToText | undefined;

beforeEach(async () => {
  scratch = await Scratch.create();
});
afterEach(async () => {
  await stt?.close?.();
  await scratch.remove();
});

interface Start extends WhisperCliOptions {
  readonly model?: string;
}

/** whisper-cli prints an empty line, then one line for each segment. */
const SAYS_HELLO = `cat > "$LOG.wav"; printf '\\n Hello there.\\n How are you?\\n'`;

async function start(body: string, { model = "ggml-base.bin", ...options }: Start = {}): Promise<SpeechToText> {
  const logged = `echo "pid $$" >> "$LOG"; for each in "$@"; do echo "arg $each" >> "$LOG"; done; ${body}`;
  const command = await scratch.command("whisper-cli", logged);
  return (stt = createWhisperCli({ command, model: scratch.path(model) }, options));
}

const logged = async (kind: string): Promise<string[]> =>
  (await scratch.log()).flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []));
const pids = async (): Promise<number[]> => (await logged("pid")).map(Number);

describe("findWhisperCli", () => {
  const install = async (...models: string[]): Promise<string> => {
    await mkdir(scratch.path("bin/models"), { recursive: true });
    for (const model of models) await writeFile(scratch.path("bin/models", model), "");
    return scratch.command("whisper-cli", "");
  };
  const path = (): string => scratch.path("bin");

  it.each([
    [["ggml-large-v3.bin", "ggml-base.bin", "ggml-tiny.bin"], "ggml-base.bin"],
    [["ggml-medium.bin", "ggml-small.en.bin", "ggml-small.bin"], "ggml-small.bin"],
    [["ggml-large-v3.bin", "ggml-large-v3-turbo-q5_0.bin"], "ggml-large-v3-turbo-q5_0.bin"],
    [["ggml-silero-v5.1.2.bin", "for-tests-ggml-base.bin", "notes.txt", "ggml-custom.bin"], "ggml-custom.bin"],
  ])("takes of %j the model %s", async (models, chosen) => {
    const command = await install(...models);
    expect(await findWhisperCli({ path: path() })).toEqual({ command, model: scratch.path("bin/models", chosen) });
  });

  it("takes the model that was asked for, by name or by path", async () => {
    const command = await install("ggml-base.bin", "ggml-tiny.en.bin");
    const model = scratch.path("bin/models/ggml-tiny.en.bin");
    expect(await findWhisperCli({ path: path(), model: "tiny.en" })).toEqual({ command, model });
    expect(await findWhisperCli({ path: path(), model })).toEqual({ command, model });
  });

  it("says so when the model that was asked for is not there", async () => {
    await install("ggml-base.bin");
    await expect(findWhisperCli({ path: path(), model: "/no/such.bin" })).rejects.toThrow(
      'no whisper model "/no/such.bin"',
    );
    await expect(findWhisperCli({ path: path(), model: "huge" })).rejects.toThrow('no whisper model "huge"');
  });

  it("finds nothing without the program", async () => {
    expect(await findWhisperCli({ path: path() })).toBeUndefined();
  });
});

describe("createWhisperCli", () => {
  it("pipes a 16 kHz WAV in and joins the segments", async () => {
    await start(SAYS_HELLO);
    expect(await transcriptOf(stt!, { audio: tone(2, 24_000) })).toEqual([
      { type: "done", text: "Hello there. How are you?", usage: { type: "duration", seconds: 2 } },
    ]);
    const wav = decodeWav(await readFile(scratch.path("log.wav")));
    expect([wav.sampleRate, wav.samples.length]).toEqual([16_000, 32_000]);
  });

  it("makes short audio as long as whisper wants it", async () => {
    await start(SAYS_HELLO);
    expect((await transcriptOf(stt!, { audio: tone(0.3) }))[0]).toMatchObject({ usage: { seconds: 0.3 } });
    expect(decodeWav(await readFile(scratch.path("log.wav"))).samples.length).toBe(17_600);
  });

  it.each([
    [{ language: "de" }, "ggml-base.bin", "de"],
    [{ language: "pt-BR" }, "ggml-base.bin", "pt"],
    [{}, "ggml-base.bin", "auto"],
    [{}, "ggml-base.en.bin", "en"],
    [{ language: "en-GB" }, "ggml-small.en-q5_1.bin", "en"],
  ])("asks for %j with %s as language %s", async (request, model, language) => {
    await start(SAYS_HELLO, { model });
    await textOf(stt!, { audio: tone(0.2), ...request });
    const args = await logged("arg");
    expect(args[args.indexOf("--language") + 1]).toBe(language);
  });

  it("passes the model and the prompt on as they are", async () => {
    await start(SAYS_HELLO);
    await textOf(stt!, { audio: tone(0.2), prompt: "--Names: Zoë; $(x)" });
    const args = await logged("arg");
    expect(args[args.indexOf("--prompt") + 1]).toBe("--Names: Zoë; $(x)");
    expect(args[args.indexOf("--model") + 1]).toBe(scratch.path("ggml-base.bin"));
    expect(args.slice(-2)).toEqual(["--file", "-"]);
  });

  it("refuses another language than English for an English-only model", async () => {
    await start(SAYS_HELLO, { model: "ggml-base.en.bin" });
    await expect(textOf(stt!, { audio: tone(0.2), language: "fr" })).rejects.toMatchObject({ code: "bad_request" });
  });

  it.each([
    ["\\n [BLANK_AUDIO]\\n", ""],
    ["", ""],
    ["\\n (wind blowing)\\n", ""],
    ["\\n ♪♪\\n *sighs* Well, yes.\\n [MUSIC]\\n", "Well, yes."],
  ])("leaves out what is no speech: %j", async (output, text) => {
    await start(`cat > /dev/null; printf '${output}'`);
    expect(await textOf(stt!, { audio: tone(0.2) })).toBe(text);
  });

  it.each([
    [
      "a failure",
      "echo 'error: failed to initialize whisper context' >&2; exit 3",
      "error: failed to initialize whisper context",
    ],
    [
      "an error that ends with code 0",
      `cat > /dev/null; echo "error: unknown language 'xx'" >&2`,
      "error: unknown language 'xx'",
    ],
    ["a crash without a word", "kill -SEGV $$", "SIGSEGV"],
  ])("reports %s", async (_, body, message) => {
    await start(body);
    const outcome = textOf(stt!, { audio: tone(0.2) });
    await expect(outcome).rejects.toMatchObject({ name: "EngineError", code: "failed" });
    await expect(outcome).rejects.toThrow(
      `whisper-cli failed: ${message.startsWith("SIG") ? "it ended with " : ""}${message}`,
    );
  });

  it("reports a program that is gone", async () => {
    stt = createWhisperCli({ command: scratch.path("gone"), model: scratch.path("ggml-base.bin") });
    await expect(textOf(stt, { audio: tone(0.2) })).rejects.toThrow(/whisper-cli failed: .*ENOENT/);
  });

  it("is not held up by much output on either side, nor by unread input", async () => {
    await start(`head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo hi`);
    expect(await textOf(stt!, { audio: tone(20) })).toBe("hi");
  });

  it("ends the process after the timeout", async () => {
    await start("exec sleep 60", { timeoutMs: 50 });
    await expect(textOf(stt!, { audio: tone(0.1) })).rejects.toMatchObject({ code: "timeout", retryable: true });
    expect((await pids()).filter(runs)).toEqual([]);
  });

  it("ends the process when the signal aborts, and writes no file", async () => {
    await start("exec sleep 60");
    const controller = new AbortController();
    const outcome = textOf(stt!, { audio: tone(0.2), signal: controller.signal }).catch((error: unknown) => error);
    await eventually(async () => (await pids()).length === 1);
    controller.abort("hung up");
    expect(await outcome).toBe("hung up");
    expect((await pids()).filter(runs)).toEqual([]);
    expect((await readdir(scratch.folder)).toSorted()).toEqual(["bin", "log"]);
  });

  it("runs one at a time unless told otherwise", async () => {
    await start(`[ -e "$LOG.lock" ] && echo together; touch "$LOG.lock"; sleep 0.03; rm "$LOG.lock"; cat > /dev/null`);
    const texts = await Promise.all([0.1, 0.2, 0.3].map((seconds) => textOf(stt!, { audio: tone(seconds) })));
    expect(texts).toEqual(["", "", ""]);
  });

  it("closes: what runs and what waits is refused, and no process is left", async () => {
    await start("exec sleep 60");
    const outcomes = [0.2, 0.3].map((seconds) =>
      textOf(stt!, { audio: tone(seconds) }).catch((error: Error) => error.message),
    );
    await eventually(async () => (await pids()).length === 1);
    await stt!.close?.();
    expect(await Promise.all(outcomes)).toEqual([
      "The local recogniser was closed.",
      "The local recogniser was closed.",
    ]);
    expect((await pids()).filter(runs)).toEqual([]);
  });
});
