/** Where recorded audio is kept: files under the data folder, or objects in a bucket. */
import { createReadStream } from "node:fs";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import type { AwsClient } from "aws4fetch";
import type { S3Env } from "../../../lib/env-storage";
import { placeOf } from "./place";
import { UnfinishedRecordings } from "./unfinished";

export interface StoredAudio {
  readonly store: "file" | "s3";
  readonly path: string;
  /** Where a file lies, see `AudioStore.place`; null for objects of a bucket. */
  readonly place: string | null;
}

export interface AudioContent {
  readonly stream: ReadableStream<Uint8Array>;
  /** Of the whole recording. Undefined: the bucket did not say. */
  readonly bytes: number | undefined;
}

export interface AudioStore {
  /** What tells this folder from those of other servers on the same database. */
  place(): Promise<string>;
  /** What is being recorded, and what was left in the middle. */
  readonly unfinished: UnfinishedRecordings;
  /** Where a session's files are written at first; made if need be. */
  folderOf(org: string): Promise<string>;
  /** Keeps a complete file for good. In a bucket it is a copy: see `dropHere`. */
  keep(file: { readonly org: string; readonly path: string }): Promise<StoredAudio>;
  /** From `start` to `end`, both included. Undefined: it is gone. */
  read(
    audio: { readonly store: string; readonly path: string },
    range?: { start: number; end: number },
  ): Promise<AudioContent | undefined>;
  /** Takes away the file that was written here at first; a bucket keeps its object. */
  dropHere(path: string): Promise<void>;
  /** Takes away whatever there is under this path, here and in the bucket. */
  discard(path: string): Promise<void>;
  /** Also when it is gone already. */
  remove(audio: { readonly store: string; readonly path: string }): Promise<void>;
}

export interface AudioStoreOptions {
  readonly folder: string;
  readonly s3: S3Env | undefined;
}

export function createAudioStore({ folder, s3 }: AudioStoreOptions): AudioStore {
  const root = resolve(folder);
  const bucket = s3 && bucketOf(s3);
  const inside = (path: string): string => {
    const whole = resolve(root, path);
    if (!whole.startsWith(root + sep)) throw new Error("A recording lies outside of its folder.");
    return whole;
  };
  let known: Promise<string> | undefined;
  const place = (): Promise<string> => {
    known ??= placeOf(root);
    known.catch(() => (known = undefined));
    return known;
  };
  return {
    place,
    unfinished: new UnfinishedRecordings(join(root, "unfinished")),
    folderOf: async (org) => {
      const path = inside(org);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return path;
    },
    keep: async ({ org, path }) => {
      const name = `${org}/${basename(path)}`;
      if (!bucket) return { store: "file", path: name, place: await place() };
      await bucket.put(name, await readFile(path));
      return { store: "s3", path: name, place: null };
    },
    read: async ({ store, path }, range) => {
      if (store === "s3") return bucket?.get(path, range);
      const file = inside(path);
      const found = await stat(file).catch(() => undefined);
      if (!found) return undefined;
      const stream = Readable.toWeb(createReadStream(file, range)) as ReadableStream<Uint8Array>;
      return { stream, bytes: found.size };
    },
    dropHere: (path) => rm(inside(path), { force: true }),
    discard: async (path) => {
      await rm(inside(path), { force: true });
      await bucket?.remove(path);
    },
    remove: async ({ store, path }) => {
      if (store !== "s3") return rm(inside(path), { force: true });
      if (!bucket) throw new Error("A recording lies in a bucket, and this server is told of none.");
      await bucket.remove(path);
    },
  };
}

function bucketOf({ endpoint, bucket, region, accessKey, secretKey }: S3Env) {
  let client: AwsClient | undefined;
  const ask = async (name: string, init: RequestInit): Promise<Response> => {
    // Loaded only where there is a bucket: the published package does not install it by itself.
    const { AwsClient: Client } = await import("aws4fetch");
    client ??= new Client({ accessKeyId: accessKey, secretAccessKey: secretKey, region, service: "s3" });
    return client.fetch(url(name), init);
  };
  const url = (name: string): string =>
    `${endpoint.replace(/\/$/, "")}/${bucket}/${name.split("/").map(encodeURIComponent).join("/")}`;
  const requireOk = (response: Response, what: string): void => {
    if (!response.ok) throw new Error(`The bucket did not ${what} a recording: it answered ${response.status}.`);
  };
  return {
    put: async (name: string, body: Buffer<ArrayBuffer>): Promise<void> =>
      requireOk(await ask(name, { method: "PUT", body, headers: { "content-type": "audio/wav" } }), "take"),
    get: async (name: string, range?: { start: number; end: number }): Promise<AudioContent | undefined> => {
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const response = await ask(name, { headers });
      if (response.status === 404 || response.body === null) return undefined;
      requireOk(response, "give");
      if (range && response.status !== 206) throw new Error("The bucket gave a whole recording instead of a part.");
      const { headers: told } = response;
      const whole = range ? /\/(\d+)$/.exec(told.get("content-range") ?? "")?.[1] : told.get("content-length");
      return { stream: response.body, bytes: whole ? Number(whole) : undefined };
    },
    remove: async (name: string): Promise<void> => {
      const response = await ask(name, { method: "DELETE" });
      if (response.status !== 404) requireOk(response, "remove");
    },
  };
}

/** For files that are complete, or given up. */
export function audioFolder(dataDir: string): string {
  return join(dataDir, "audio");
}
