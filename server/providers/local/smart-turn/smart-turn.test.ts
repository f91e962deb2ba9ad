import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Pcm } from "../../../realtime/audio/pcm";
import type { TurnDetector, TurnPause } from "../../../realtime/engine/types";
import { featuresOf } from "./features";
import { createSmartTurn, type SmartTurnOptions } from "./smart-turn";
import { testModel } from "./test-model";

let dataDir: string;
const open: TurnDetector[] = [];
const servers: Server[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "smart-turn-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (each) => each.close?.()));
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  await rm(dataDir, { recursive: true, force: true });
});

async function create(options: Partial<SmartTurnOptions> & { readonly model: string }): Promise<TurnDetector> {
  const detector = await createSmartTurn({ dataDir, ...options });
  open.push(detector);
  return detector;
}

async function file(bytes: Buffer): Promise<string> {
  const path = join(dataDir, "given.onnx");
  await writeFile(path, bytes);
  return path;
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/turn.onnx`;
}

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const kept = async (): Promise<string[]> => readdir(join(dataDir, "models")).catch(() => []);

function tone(ms: number, sampleRate = 24_000): Pcm {
  const length = (ms * sampleRate) / 1000;
  return {
    samples: Int16Array.from({ length }, (_, i) => 9_000 * Math.sin((2 * Math.PI * 300 * i) / sampleRate)),
    sampleRate,
  };
}

function pause(audio: Pcm, signal = new AbortController().signal): TurnPause {
  return { transcript: "", language: undefined, audio, pauseMs: 200, signal };
}

/** What the test model answers, by our own arithmetic. */
async function expected(audio: Pcm, [from, to]: readonly [number, number]): Promise<number> {
  const features = await featuresOf(audio);
  let sum = 0;
  for (let band = 0; band < 80; band++) {
    for (let column = from; column < to; column++) sum += features[band * 800 + column]!;
  }
  return 1 / (1 + Math.exp(-sum / (80 * (to - from))));
}

describe("a model from a path", () => {
  it("hears the features of the last 8 seconds, speech at the end", async () => {
    const columns = [750, 800] as const;
    const detector = await create({ model: await file(testModel({ columns })) });
    for (const audio of [tone(450), tone(9_500), tone(700, 16_000), tone(700, 8_000)]) {
      expect(await detector.judge(pause(audio))).toBeCloseTo(await expected(audio, columns), 4);
    }
    const before = await create({ model: await file(testModel({ columns: [0, 700] })) });
    expect(await detector.judge(pause(tone(450)))).toBeGreaterThan((await before.judge(pause(tone(450)))) + 0.02);
  });

  it("takes a model of a fixed batch, and a part of a larger recording", async () => {
    const detector = await create({ model: await file(testModel({ shape: [1, 80, 800] })) });
    const { samples, sampleRate } = tone(4_000);
    const part = { samples: samples.subarray(24_000, 48_000), sampleRate };
    expect(await detector.judge(pause(part))).toBeCloseTo(await expected(part, [0, 800]), 4);
  });

  it("answers several at once, each for its own audio", async () => {
    const detector = await create({ model: await file(testModel()) });
    const all = [300, 900, 2_500, 6_000].map((ms) => tone(ms));
    const answers = await Promise.all(all.map(async (audio) => detector.judge(pause(audio))));
    for (const [index, audio] of all.entries()) {
      expect(answers[index]).toBeCloseTo(await expected(audio, [0, 800]), 4);
    }
    expect(new Set(answers).size).toBe(4);
  });

  it("has no opinion on nothing", async () => {
    const detector = await create({ model: await file(testModel()) });
    expect(await detector.judge(pause({ samples: new Int16Array(0), sampleRate: 24_000 }))).toBe(0.5);
    expect(await detector.judge(pause({ samples: new Int16Array(9), sampleRate: 0 }))).toBe(0.5);
  });

  it("stops waiting when the signal aborts, and goes on with the next", async () => {
    const detector = await create({ model: await file(testModel()) });
    const abort = new AbortController();
    const answers = [1, 2, 3].map(() => detector.judge(pause(tone(500), abort.signal)));
    abort.abort(new Error("speech goes on"));
    for (const answer of answers) await expect(answer).rejects.toThrow("speech goes on");
    await expect(detector.judge(pause(tone(500), abort.signal))).rejects.toThrow("speech goes on");
    expect(await detector.judge(pause(tone(500)))).toBeGreaterThan(0);
  });

  it("checks the checksum, in either case", async () => {
    const bytes = testModel();
    const model = await file(bytes);
    await create({ model, sha256: digest(bytes).toUpperCase() });
    await expect(create({ model, sha256: digest(Buffer.from("other")) })).rejects.toThrow(
      /has the SHA-256 [\da-f]{64}, but should have/,
    );
    await expect(create({ model, sha256: "123" })).rejects.toThrow("64 hexadecimal digits");
  });

  it("says when it is missing, cut short, or something else", async () => {
    await expect(create({ model: join(dataDir, "none.onnx") })).rejects.toThrow("There is no end-of-turn model at");
    const bytes = testModel();
    for (const broken of [bytes.subarray(0, bytes.length / 2), Buffer.from("<html>not here</html>"), Buffer.alloc(0)]) {
      await expect(create({ model: await file(broken) })).rejects.toThrow("is no ONNX model that can be loaded");
    }
  });

  it("says when it takes or gives something else", async () => {
    await expect(create({ model: await file(testModel({ shape: [1, 80, 3_000] })) })).rejects.toThrow(
      "should take one input of float32 1 × 80 × 800, and takes input_features: float32 1 × 80 × 3000",
    );
    await expect(create({ model: await file(testModel({ mean: [2] })) })).rejects.toThrow("80 values instead of one");
    await expect(create({ model: await file(testModel({ sigmoid: false })) })).rejects.toThrow("is no probability");
  });
});

describe("a model from a URL", () => {
  it("is fetched once, checked, kept, and used without the network", async () => {
    const bytes = testModel();
    let requests = 0;
    const model = await serve((_request, response) => {
      requests += 1;
      response.end(bytes);
    });
    const sha256 = digest(bytes);
    const first = await create({ model, sha256 });
    expect(await first.judge(pause(tone(500)))).toBeCloseTo(await expected(tone(500), [0, 800]), 4);
    const [name, ...others] = await kept();
    expect(others).toEqual([]);
    expect(digest(await readFile(join(dataDir, "models", name!)))).toBe(sha256);
    servers.splice(0).forEach((server) => server.close().closeAllConnections());
    await create({ model, sha256 });
    await create({ model });
    expect(requests).toBe(1);
  });

  it("may lie behind a redirect", async () => {
    const model = await serve((request, response) => {
      if (request.url === "/store") response.end(testModel());
      else response.writeHead(307, { location: "/store" }).end();
    });
    await create({ model });
    expect(await kept()).toHaveLength(1);
  });

  it("is fetched again when what was kept is broken", async () => {
    const bytes = testModel();
    const model = await serve((_request, response) => void response.end(bytes));
    await create({ model });
    const [name] = await kept();
    await writeFile(join(dataDir, "models", name!), bytes.subarray(0, 40));
    await create({ model, sha256: digest(bytes) });
    expect(await readFile(join(dataDir, "models", name!))).toEqual(bytes);
  });

  it.each<[what: string, message: string | RegExp, answer: RequestListener, options?: Partial<SmartTurnOptions>]>([
    ["has another checksum", "but should have", (_, response) => response.end("x"), { sha256: "0".repeat(64) }],
    ["is not there", "the server answers 404", (_, response) => response.writeHead(404).end()],
    ["is empty", "an empty file", (_, response) => response.end()],
    ["is announced too large", "larger than 20 bytes", (_, response) => response.end(testModel()), { maxBytes: 20 }],
    [
      "turns out too large",
      "larger than 20 bytes",
      (_, response) => {
        response.write("x".repeat(15));
        response.end("x".repeat(15));
      },
      { maxBytes: 20 },
    ],
    [
      "breaks off",
      /could not be fetched from http:.*Download it by hand/,
      (_, response) => {
        response.writeHead(200, { "content-length": 5_000 });
        response.write("x".repeat(100), () => response.destroy());
      },
    ],
    ["does not come", "longer than 80 ms", () => {}, { downloadTimeoutMs: 80 }],
    ["leads in a circle", "without end", (_, response) => response.writeHead(302, { location: "/again" }).end()],
    [
      "leads to an unsafe place",
      "https: URL",
      (_, response) => response.writeHead(302, { location: "http://192.0.2.1/" }).end(),
    ],
    ["is no model", "is no ONNX model", (_, response) => response.end("<html>Sign in</html>")],
  ])("that %s is refused, and nothing is left", async (_what, message, answer, options) => {
    await expect(create({ model: await serve(answer), ...options })).rejects.toThrow(message);
    expect(await kept()).toEqual([]);
  });

  it("must be https, but for this machine, and must be reachable", async () => {
    await expect(create({ model: "http://models.example/turn.onnx" })).rejects.toThrow("must come from an https: URL");
    await expect(create({ model: "file:///turn.onnx" })).rejects.toThrow("must come from an https: URL");
    const url = await serve(() => {});
    await new Promise((resolve) => servers.splice(0)[0]!.close(resolve));
    await expect(create({ model: url })).rejects.toThrow(/could not be fetched from .*ECONNREFUSED/);
  });

  it("says when it cannot be kept", async () => {
    const model = await serve((_request, response) => void response.end(testModel()));
    await writeFile(join(dataDir, "models"), "in the way");
    await expect(create({ model })).rejects.toThrow("cannot be kept in");
  });
});
