/** The model's file: found at a path, or fetched once and kept. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

const MOST_HOPS = 5;

export interface ModelFileOptions {
  /** A path, or an `https:` URL (`http:` on this machine only). */
  readonly model: string;
  /** What the file's SHA-256 must be, in hex. */
  readonly sha256: string | undefined;
  /** Downloads are kept in its folder `models`. */
  readonly dataDir: string;
  readonly maxBytes: number;
  /** For the whole download, in ms. */
  readonly timeoutMs: number;
}

export interface ModelFile {
  readonly path: string;
  /** It was fetched just now. */
  readonly isNew: boolean;
}

/** A file with the right checksum. Throws an Error that says what is wrong and what to do. */
export async function obtainModel(options: ModelFileOptions): Promise<ModelFile> {
  const { model } = options;
  const sha256 = checkedDigest(options.sha256);
  const url = /^[a-z][a-z\d+.-]+:\/\//i.test(model) ? checkedUrl(model) : undefined;
  return url === undefined ? localModel(resolve(model), sha256) : cachedModel(url, sha256, options);
}

async function localModel(path: string, sha256: string | undefined): Promise<ModelFile> {
  if (!(await isFile(path))) throw new Error(`There is no end-of-turn model at ${path}.`);
  if (sha256 !== undefined) await verify(path, sha256);
  return { path, isNew: false };
}

async function cachedModel(url: URL, sha256: string | undefined, options: ModelFileOptions): Promise<ModelFile> {
  const folder = resolve(options.dataDir, "models");
  const path = join(folder, `${createHash("sha256").update(url.href).digest("hex").slice(0, 16)}.onnx`);
  if (await isFile(path)) {
    // A kept file that does not fit is fetched anew: the checksum may be of a newer one.
    if (sha256 === undefined || (await digestOf(path)) === sha256) return { path, isNew: false };
  }
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new Error(`The end-of-turn model cannot be kept in ${folder}: ${describe(cause)}`, { cause });
  });
  const draft = `${path}.${randomUUID()}`;
  try {
    await download(url, draft, options);
    if (sha256 !== undefined) await verify(draft, sha256, url);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return { path, isNew: true };
}

// ---------------------------------------------------------------- download

async function download(url: URL, path: string, { maxBytes, timeoutMs }: ModelFileOptions): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await follow(url, signal);
    if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`);
    const announced = Number(response.headers.get("content-length") ?? NaN);
    if (announced > maxBytes) throw tooLarge(maxBytes);
    const file = await open(path, "wx", 0o600);
    const counter = counting(maxBytes);
    await pipeline(response.body, counter.pass, file.createWriteStream(), { signal });
    if (counter.bytes === 0) throw new Error("the server sends an empty file");
  } catch (cause) {
    const why = signal.aborted ? `it took longer than ${timeoutMs} ms` : describe(cause);
    throw new Error(
      `The end-of-turn model could not be fetched from ${url.href}: ${why}. Download it by hand and give its path instead.`,
      { cause },
    );
  }
}

/** By hand, so that each address is checked before it is asked. */
async function follow(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let hops = 0; hops <= MOST_HOPS; hops++) {
    const response = await fetch(url, { signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    url = checkedUrl(new URL(location, url).href);
    if (first.protocol === "https:" && url.protocol !== "https:") throw new Error(`it leads to ${url.href}`);
  }
  throw new Error("it leads from one address to the next without end");
}

/** The server's word on the length is no proof. */
function counting(maxBytes: number) {
  const counter = {
    bytes: 0,
    async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        counter.bytes += chunk.length;
        if (counter.bytes > maxBytes) throw tooLarge(maxBytes);
        yield chunk;
      }
    },
  };
  return counter;
}

const tooLarge = (maxBytes: number): Error => new Error(`it is larger than ${maxBytes} bytes`);

// ---------------------------------------------------------------- checks

/** What is fetched is run: nobody on the way may change it. */
function checkedUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`The end-of-turn model's URL cannot be read: ${text}`);
  const url = new URL(text);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLocal)) return url;
  throw new Error(
    `The end-of-turn model must come from an https: URL or a path, not from ${url.protocol}//${url.host}.`,
  );
}

function checkedDigest(sha256: string | undefined): string | undefined {
  if (sha256 === undefined || sha256 === "") return undefined;
  const digest = sha256.trim().toLowerCase();
  if (!/^[\da-f]{64}$/.test(digest)) {
    throw new Error(`The SHA-256 of the end-of-turn model should be 64 hexadecimal digits, and is "${sha256}".`);
  }
  return digest;
}

async function verify(path: string, sha256: string, from: URL | string = path): Promise<void> {
  const digest = await digestOf(path);
  if (digest === sha256) return;
  throw new Error(
    `The end-of-turn model from ${String(from)} has the SHA-256 ${digest}, but should have ${sha256}: ` +
      `it is broken, or another one.`,
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The reason that `fetch` hides one or two causes deep. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${describe(error.cause)})` : error.message;
}
