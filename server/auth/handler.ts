/** NextAuth behind one Fetch handler. It knows no public address: whatever host the browser dialled is the right one. */
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { parseCookies } from "../web/cookies";
import { interop } from "./interop";
import { authOptions, type AuthSettings } from "./options";

export const AUTH_PATH = "/api/auth";

export interface AuthRequestFacts {
  /** Whom attempts are counted for. */
  readonly address: string;
}

export type AuthHandler = (request: Request, facts: AuthRequestFacts) => Promise<Response>;

export function createAuthHandler(settings: AuthSettings): AuthHandler {
  // Without it NextAuth believes in NEXTAUTH_URL alone. What it reads instead, we set ourselves below.
  process.env["AUTH_TRUST_HOST"] ??= "1";
  return async (request, { address }) => {
    const url = new URL(request.url);
    const encrypted = url.protocol === "https:";
    const answer = new Answer();
    await interop(NextAuth)(
      await toApiRequest(request, url),
      answer as unknown as NextApiResponse,
      authOptions(settings, { address, encrypted }),
    );
    return answer.toResponse();
  };
}

async function toApiRequest(request: Request, url: URL): Promise<NextApiRequest> {
  const headers = {
    ...Object.fromEntries(request.headers),
    "x-forwarded-host": url.host,
    "x-forwarded-proto": url.protocol.slice(0, -1),
  };
  const nextauth = url.pathname.slice(AUTH_PATH.length + 1).split("/");
  const made = {
    method: request.method,
    headers,
    cookies: parseCookies(request.headers.get("cookie")),
    query: { ...Object.fromEntries(url.searchParams), nextauth },
    body: await readBody(request),
  };
  return made as unknown as NextApiRequest;
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (request.headers.get("content-type")?.startsWith("application/json") !== true)
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

/** As much of Node's response as NextAuth uses. */
class Answer {
  private code = 200;
  private readonly headers = new Map<string, string | readonly string[]>();
  private body: string | null = null;

  status(code: number): this {
    this.code = code;
    return this;
  }

  setHeader(name: string, value: string | readonly string[]): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }

  getHeader(name: string): string | readonly string[] | undefined {
    return this.headers.get(name.toLowerCase());
  }

  json(body: unknown): void {
    this.setHeader("content-type", "application/json");
    this.body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === "string") this.body = body;
    else if (body !== undefined && body !== null) this.json(body);
  }

  end(): void {
    // Everything is said by the status and the headers.
  }

  toResponse(): Response {
    const headers = new Headers({ "cache-control": "no-store" });
    for (const [name, value] of this.headers) {
      for (const each of typeof value === "string" ? [value] : value) headers.append(name, each);
    }
    return new Response(this.body, { status: this.code, headers });
  }
}
