/**
 * A `fetch` whose refusals have the official body, `{ error: { message, param, code } }`. Endpoints that imitate the API
 * answer in other forms, of which the SDK would show nothing.
 */
async function fetchReadable(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.ok) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify({ error: officialError(text) }), { status: response.status, headers });
}

/** The SDK looks for `Response` here, and otherwise makes a request to find it. */
export const readableErrors = Object.assign(fetchReadable, { Response });

interface OfficialError {
  readonly message: string;
  readonly param?: unknown;
  readonly code?: unknown;
}

function officialError(text: string): OfficialError {
  const body = asRecord(parse(text));
  if (!body) return { message: text.trimStart().startsWith("<") ? "" : text };
  const { error = body["message"] ?? body["detail"] } = body;
  if (typeof error === "string") return { message: error, param: body["param"], code: body["code"] };
  if (Array.isArray(error)) return validationError(asRecord(error[0]) ?? {});
  const { message, param, code } = asRecord(error) ?? {};
  return { message: typeof message === "string" ? message : JSON.stringify(error ?? body), param, code };
}

/** FastAPI's form: `{ detail: [{ loc: ["body", "stream"], msg: "Extra inputs are not permitted" }] }`. */
function validationError({ loc, msg }: Readonly<Record<string, unknown>>): OfficialError {
  const param = Array.isArray(loc) ? loc.filter((part) => part !== "body").join(".") : undefined;
  return { message: `${param ?? "?"}: ${String(msg)}`, param };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
