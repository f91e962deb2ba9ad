/** Recorded audio for the page that plays it: by the cookie of a login, of the chosen organisation, whole or in parts. */
import parseRange from "range-parser";
import type { Logger } from "../../lib/logger";
import type { ServiceContext } from "../../lib/services/context";
import { ServiceError } from "../../lib/services/errors";
import { findRecording } from "../../lib/services/sessions/recording";
import type { AudioContent, AudioStore } from "../observers/audio/store";

export const RECORDINGS_PATH = "/api/recordings";

/** Who asks: nobody, somebody without an organisation, or a member. */
export type Asking = "nobody" | "no-member" | ServiceContext;

export interface RecordingsOptions {
  readonly audio: Pick<AudioStore, "read">;
  readonly asking: (request: Request) => Promise<Asking>;
  readonly log: Pick<Logger, "error">;
}

type Found = Awaited<ReturnType<typeof findRecording>>;

interface Range {
  readonly start: number;
  readonly end: number;
}

const COMMON = {
  // What people said stays on no disk but the server's.
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};
const NOT_FOUND = () => refuse(404, "There is no such recording.");

/** Answers `GET` and `HEAD` of `/api/recordings/{session}/{input|output}`. */
export function createRecordingsHandler({ audio, asking, log }: RecordingsOptions) {
  return async (request: Request): Promise<Response> => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return refuse(405, "A recording can only be read.", { allow: "GET, HEAD" });
    const ctx = await asking(request);
    if (ctx === "nobody") return refuse(401, "Sign in first.");
    if (ctx === "no-member") return refuse(403, "You are no member of this organisation.");
    const found = await find(ctx, new URL(request.url).pathname);
    if (found instanceof Response) return found;
    const range = rangeOf(request, found);
    if (range === "unsatisfiable")
      return refuse(416, "The recording ends before.", { "content-range": `bytes */${found.bytes}` });
    const content = await audio.read(found, request.method === "HEAD" ? { start: 0, end: 0 } : range);
    if (content === undefined) return NOT_FOUND();
    if (content.bytes !== undefined && content.bytes !== found.bytes) {
      await content.stream.cancel().catch(() => undefined);
      log.error(`The recording ${found.path} has ${content.bytes} bytes and should have ${found.bytes}.`);
      return NOT_FOUND();
    }
    return answer(found, { range, content, head: request.method === "HEAD" });
  };
}

/** Of another organisation, of none, or misspelt: all of it is not there, in the same words. */
async function find(ctx: ServiceContext, path: string): Promise<Found | Response> {
  const [session, side, ...more] = path.slice(RECORDINGS_PATH.length + 1).split("/");
  if (session === undefined || (side !== "input" && side !== "output") || more.length > 0) return NOT_FOUND();
  try {
    return await findRecording({ ctx, input: { sessionId: decoded(session), side } });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.code === "forbidden" ? refuse(403, error.message) : NOT_FOUND();
  }
}

/** PostgreSQL takes no NUL. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll("\0", "");
  } catch {
    return "";
  }
}

/** Undefined: the whole. Several ranges at once, or a misspelt one, may be answered with the whole; `If-Range` asks for it. */
function rangeOf({ headers }: Request, found: Found): Range | undefined | "unsatisfiable" {
  const asked = headers.get("range");
  const condition = headers.get("if-range");
  if (asked === null || (condition !== null && condition !== etagOf(found))) return undefined;
  const ranges = parseRange(found.bytes, asked, { combine: true });
  if (ranges === -1) return "unsatisfiable";
  const [only, ...more] = ranges === -2 || ranges.type !== "bytes" ? [] : ranges;
  return only && more.length === 0 ? { start: only.start, end: only.end } : undefined;
}

interface Answer {
  readonly range: Range | undefined;
  readonly content: AudioContent;
  readonly head: boolean;
}

async function answer(found: Found, { range, content, head }: Answer): Promise<Response> {
  const { bytes, format, sessionId, side } = found;
  if (head) await content.stream.cancel().catch(() => undefined);
  const name = `${sessionId.replace(/[^\w.-]/g, "_")}-${side === "input" ? "user" : "assistant"}.wav`;
  return new Response(head ? null : content.stream, {
    status: range ? 206 : 200,
    headers: {
      ...COMMON,
      "content-type": format,
      "content-length": String(range ? range.end - range.start + 1 : bytes),
      "content-disposition": `inline; filename="${name}"`,
      "accept-ranges": "bytes",
      etag: etagOf(found),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${bytes}` }),
    },
  });
}

/** A recording never changes. */
function etagOf({ id }: Found): string {
  return `"${id}"`;
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { message } }, { status, headers: { ...COMMON, ...headers } });
}
