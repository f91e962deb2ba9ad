/** Reads JSON bodies, bounded. */
import { ProtocolError } from "../protocol/errors";
import { kindOf } from "../protocol/issues";
import { Refusal, refusals } from "../door/refusal";

export const MAX_BODY_BYTES = 1024 * 1024;

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** The body as a JSON object; an empty one is `{}`. @throws Refusal 400, 413 or 415. */
export async function readJsonObject(request: Request): Promise<object> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  const type = request.headers.get("content-type");
  // A page of another site may send text without being asked first, but not JSON.
  if (type !== null && !JSON_TYPE.test(type)) throw wrongType(type);
  const body = parse(text);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  const message = `Invalid body: expected a JSON object, but got ${kindOf(body)} instead.`;
  throw refusals.badRequest(new ProtocolError(message, { code: "invalid_type" }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "";
    throw refusals.badRequest(new ProtocolError(`The body is not valid JSON. ${detail}`, { code: "invalid_json" }));
  }
}

async function readText(request: Request): Promise<string> {
  return (await readBytes(request)).toString("utf8");
}

/** @throws Refusal 413 */
export async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Refusal {
  return new Refusal(
    new ProtocolError(`The body is larger than ${MAX_BODY_BYTES} bytes.`, { code: "request_too_large" }),
    413,
    4000,
  );
}

export function wrongType(type: string, wanted = "'application/json'"): Refusal {
  return new Refusal(
    new ProtocolError(`Unsupported content type: '${type.slice(0, 100)}'. Send ${wanted}.`, {
      code: "unsupported_content_type",
    }),
    415,
    4000,
  );
}
