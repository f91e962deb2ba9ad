/** A small table of REST routes, as one Fetch handler. */
import type { RequestOrigin } from "../door/authenticator";
import { ProtocolError } from "../protocol/errors";
import { Refusal, refusals } from "../door/refusal";
import { errorResponse } from "./responses";
import type { RouteDocument } from "./route-document";

export interface RouteRequest {
  readonly request: Request;
  readonly origin: RequestOrigin;
  /** The values of the path's `{name}` segments. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** For example `/v1/models/{id}`. */
  readonly path: string;
  /** For `/openapi.json`. */
  readonly document: RouteDocument;
  handle(request: RouteRequest): Response | Promise<Response>;
}

interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

export interface RouterOptions {
  readonly routes: readonly Route[];
  /** Told what a route threw beside a `Refusal`. */
  readonly onFault: (error: unknown) => void;
}

export class Router {
  constructor(private readonly options: RouterOptions) {}

  /** The methods that `pathname` knows; empty when there is no such path. */
  methods(pathname: string): string[] {
    return this.matches(pathname).map(({ route }) => route.method);
  }

  /** Never rejects. */
  async handle(request: Request, origin: RequestOrigin): Promise<Response> {
    const { pathname } = origin.url;
    const matches = this.matches(pathname);
    if (matches.length === 0) return errorResponse(refusals.unknownUrl(request.method, pathname));
    const method = request.method === "HEAD" ? "GET" : request.method;
    const match = matches.find(({ route }) => route.method === method);
    if (!match)
      return errorResponse(wrongMethod(request.method), { allow: allowed(matches.map(({ route }) => route.method)) });
    try {
      const response = await match.route.handle({ request, origin, params: match.params });
      return request.method === "HEAD" ? new Response(null, response) : response;
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(error);
      if (error instanceof ProtocolError) return errorResponse(refusals.badRequest(error));
      this.options.onFault(error);
      return errorResponse(refusals.serverError());
    }
  }

  private matches(pathname: string): Match[] {
    return this.options.routes.flatMap((route) => {
      const params = matchPath(route.path, pathname);
      return params ? [{ route, params }] : [];
    });
  }
}

export function allowed(methods: readonly string[]): string {
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

/** The parameters of `pathname` under `pattern`, or null when it does not match. A slash at the end does not matter. */
function matchPath(pattern: string, pathname: string): Record<string, string> | null {
  const expected = pattern.split("/");
  const given = pathname.replace(/\/$/, "").split("/");
  if (expected.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = decodeSegment(given[index] ?? "");
    if (value === null) return null;
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined && value !== "") params[name] = value;
    else if (segment !== value) return null;
  }
  return params;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function wrongMethod(method: string): Refusal {
  return new Refusal(
    new ProtocolError(`Method ${method} is not allowed here.`, { code: "method_not_allowed" }),
    405,
    4000,
  );
}
