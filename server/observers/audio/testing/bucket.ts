/** As much of a bucket as recordings use, on loopback: objects by name, whole or in parts. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import parseRange from "range-parser";
import type { S3Env } from "../../../../lib/env-storage";

export interface TestBucket {
  readonly s3: S3Env;
  readonly objects: Map<string, Buffer>;
  /** The `authorization` of each request. */
  readonly signed: string[];
  close(): void;
}

export async function openTestBucket(): Promise<TestBucket> {
  const objects = new Map<string, Buffer>();
  const signed: string[] = [];
  const server = createServer((req, res) => {
    signed.push(String(req.headers.authorization));
    const key = String(req.url);
    void req.toArray().then((chunks) => {
      if (req.method === "PUT") objects.set(key, Buffer.concat(chunks as Buffer[]));
      if (req.method === "DELETE") objects.delete(key);
      const found = objects.get(key);
      if (req.method !== "GET") return res.writeHead(200).end();
      if (!found) return res.writeHead(404).end();
      const ranges = parseRange(found.length, req.headers.range ?? "");
      const [part] = Array.isArray(ranges) ? ranges : [];
      if (!part) return res.writeHead(200).end(found);
      const { start, end } = part;
      const headers = { "content-range": `bytes ${start}-${end}/${found.length}` };
      return res.writeHead(206, headers).end(found.subarray(start, end + 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const s3 = { endpoint, bucket: "voices", region: "eu-1", accessKey: "a", secretKey: "s" };
  return { s3, objects, signed, close: () => void server.close() };
}
