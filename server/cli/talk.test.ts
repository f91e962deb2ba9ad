import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { readEnv, type EnvSource } from "../../lib/env";
import { createLogger } from "../../lib/logger";
import { boot, type RunningServer } from "../boot";
import { decodeWav, encodeWav } from "../realtime/audio/wav";
import { inTurn, tone } from "../realtime/testing/index";
import { type ProviderScripts, scriptedProviders } from "../stages/scripted-providers";
import { startProcess } from "../test-process";
import { CliError } from "./errors";
import { talk, type TalkOptions } from "./talk";

let server: RunningServer | undefined;
let dataDir: string;
afterEach(async () => {
  await server?.close(1);
  server = undefined;
});

const temporary = (): string => mkdtempSync(join(tmpdir(), "antiphon-talk-"));

/** A real server on a free port. Returns its environment, which `talk` finds key and authority by. */
async function serve(scripts: ProviderScripts = {}, source: EnvSource = {}): Promise<{ port: number; env: EnvSource }> {
  dataDir = temporary();
  const env = readEnv({ PORT: "0", DATA_DIR: dataDir, ...source });
  const log = createLogger({ level: "silent" });
  server = await boot({ env, log, providers: scriptedProviders(scripts) });
  return { port: server.facts.port, env: { PORT: String(server.facts.port), DATA_DIR: dataDir } };
}

interface Said {
  readonly out: string;
  readonly err: string;
  readonly error: unknown;
}

async function run(
  words: string | undefined,
  options: TalkOptions,
  env: EnvSource,
  input: Buffer | string = "",
): Promise<Said> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const stdin = Readable.from(input === "" ? [] : [Buffer.from(input)]);
  const error: unknown = await talk(words, options, { stdin, stdout, stderr, env }).catch((thrown: unknown) => thrown);
  const text = (stream: PassThrough): string => ((stream.read() as Buffer | null) ?? "").toString();
  return { out: text(stdout), err: text(stderr), error };
}

describe("antiphon talk", () => {
  it("says something and prints the reply", async () => {
    const { env } = await serve({ llm: { reply: "Hello there, friend." } });
    expect(await run("Hi", { textOnly: true }, env)).toEqual({
      out: "Hello there, friend.\n",
      err: "",
      error: undefined,
    });
  });

  it("writes the spoken reply to a WAV file", async () => {
    const { env } = await serve({ llm: { reply: "Hello there." } });
    const out = join(dataDir, "reply.wav");
    expect(await run("Hi", { out, voice: "nova" }, env)).toEqual({ out: "Hello there.\n", err: "", error: undefined });
    const { samples, sampleRate } = decodeWav(readFileSync(out));
    expect(sampleRate).toBe(24_000);
    expect(samples.length).toBe(("Hello there.".length * 20 * 24_000) / 1000);
  });

  it("sends a recording of any rate, and says what was heard", async () => {
    const { env } = await serve({ stt: { hear: "what time is it" }, llm: { reply: "Noon." } });
    const wav = join(dataDir, "question.wav");
    writeFileSync(wav, encodeWav(tone({ ms: 1500, sampleRate: 44_100 })));
    const said = await run(undefined, { wav, events: true }, env);
    expect(said.err).toBe("Heard: what time is it\n");
    const plain = await run(undefined, { wav }, env);
    expect(plain).toEqual({ out: "Noon.\n", err: "Heard: what time is it\n", error: undefined });
  });

  it.each([
    ["WAV", (pcm: Buffer) => pcm],
    ["headerless", (pcm: Buffer) => pcm.subarray(44)],
  ] as const)("takes %s audio on standard input", async (_, cut) => {
    const { env } = await serve({ stt: { hear: "hello" } });
    const said = await run("-", {}, env, cut(encodeWav(tone({ ms: 300 }))));
    expect(said).toEqual({ out: "Hello there.\n", err: "Heard: hello\n", error: undefined });
  });

  it("answers every line of standard input in one conversation", async () => {
    const { env } = await serve({ llm: { reply: ({ items }) => `Turn ${items.length}.` } });
    const said = await run(undefined, { textOnly: true }, env, "one\n\n  \ntwo\nthree");
    expect(said).toEqual({ out: "Turn 1.\nTurn 3.\nTurn 5.\n", err: "", error: undefined });
  });

  it("goes on after a failed turn when somebody sits at the terminal", async () => {
    const { env } = await serve({ llm: { reply: inTurn([{ fail: "Away." }], "Back again.") } });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    // A terminal stays open until somebody ends it, here after the answer.
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write("one\ntwo\n");
    stdout.once("readable", () => stdin.end());
    await talk(undefined, { textOnly: true }, { stdin, stdout, stderr, env });
    expect(String(stdout.read())).toBe("Back again.\n");
    expect(String(stderr.read())).toMatch(/> The reply failed: .*\n> /);
  });

  it("prints every event as a line of JSON", async () => {
    const { env } = await serve();
    const { out, error } = await run("Hi", { events: true, textOnly: true }, env);
    expect(error).toBeUndefined();
    const types = out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.slice(0, 2)).toEqual(["session.created", "session.updated"]);
    expect(types).toContain("response.output_text.delta");
    expect(types).toContain("response.done");
  });

  it("trusts this machine's authority over TLS, and nobody else's", async () => {
    const { port, env } = await serve();
    const url = `https://localhost:${port}`;
    expect((await run("Hi", { url, textOnly: true }, env)).out).toBe("Hello there.\n");
    const stranger = { DATA_DIR: temporary(), ANTIPHON_API_KEY: readFileSync(join(dataDir, "api-key"), "utf8") };
    const refused = await run("Hi", { url, textOnly: true }, stranger);
    expect(refused.error).toMatchObject({
      message: expect.stringMatching(/certificate that is not trusted.*--insecure/),
    });
    expect((await run("Hi", { url, textOnly: true, insecure: true }, stranger)).out).toBe("Hello there.\n");
  });
});

describe("antiphon talk fails with one clear line", () => {
  const expectLine = ({ error }: Said, message: RegExp): void => {
    expect(error).toBeInstanceOf(CliError);
    expect((error as CliError).message).toMatch(message);
    expect((error as CliError).message).not.toContain("\n");
  };

  it("about the arguments", async () => {
    expectLine(await run("Hi", { wav: "a.wav" }, {}), /Give words or --wav/);
    expectLine(await run("Hi", { out: "a.wav", textOnly: true }, {}), /--out needs audio/);
    expectLine(await run(undefined, { wav: join(temporary(), "none.wav") }, {}), /Cannot read .*none\.wav \(ENOENT\)/);
    expectLine(await run(undefined, { wav: fileURLToPath(import.meta.url) }, {}), /talk\.test\.ts: Not a WAV file/);
    expectLine(await run("-", {}, {}), /Standard input holds no audio/);
  });

  it("when nobody listens, or the name is not known", async () => {
    expectLine(
      await run("Hi", { url: "http://127.0.0.1:9" }, {}),
      /Nothing listens at 127\.0\.0\.1:9: start the server/,
    );
    expectLine(await run("Hi", { url: "http://localhost:9" }, {}), /Nothing listens at localhost:9/);
  });

  it("when the key is wrong or the model unknown", async () => {
    const { env } = await serve();
    expectLine(
      await run("Hi", { key: "sk-wrong-wrong-wrong" }, env),
      /The server refused: Incorrect API key.*\(invalid_api_key\)/,
    );
    expectLine(await run("Hi", { model: "nope" }, env), /The server refused: .*nope.*\(invalid_model\)/);
    expectLine(await run("Hi", { voice: "nobody" }, env), /The server refused: .*nobody/);
  });

  it("when the reply fails", async () => {
    const { env } = await serve({ llm: { reply: [{ fail: "The model is away." }] } });
    expectLine(await run("Hi", { textOnly: true }, env), /The reply failed: /);
  });

  it("when the server is of another kind, or hangs up", async () => {
    const { port, env } = await serve();
    const other = `http://localhost:${port}/other`;
    expectLine(await run("Hi", { url: other }, env), /answered HTTP 404 instead of opening a session/);
    const rude = new WebSocketServer({ port: 0, host: "127.0.0.1" }).on("connection", (ws) => ws.close(1011, "away"));
    await once(rude, "listening");
    const { port: rudePort } = rude.address() as { port: number };
    expectLine(await run("Hi", { url: `http://127.0.0.1:${rudePort}` }, env), /closed the connection \(1011 away\)/);
    rude.close();
  });
});

describe("the command itself", () => {
  it("ends with 0 after the reply, and with 1 and one line after an error", async () => {
    const { env } = await serve();
    const antiphon = (...args: string[]) => startProcess({ entry: "cli/main.ts", args, env, cwd: temporary() }).ended;
    const [good, bad, usage] = await Promise.all([
      antiphon("talk", "Hi", "--text-only"),
      antiphon("talk", "Hi", "--model", "nope"),
      antiphon("talk", "--nonsense"),
    ]);
    expect(good).toEqual({ code: 0, out: "Hello there.\n", err: "" });
    expect([bad.code, bad.out]).toEqual([1, ""]);
    expect(bad.err).toMatch(/^The server refused: .*\n$/);
    expect([usage.code, usage.err]).toEqual([1, "error: unknown option '--nonsense'\n"]);
  }, 30_000);
});
