/** Which web pages may call. Requests without an `Origin` header do not come from a page. */
import { allowed } from "./router";

export class OriginPolicy {
  private readonly list: ReadonlySet<string> | undefined;

  /** Undefined: everybody, without CORS headers. */
  constructor(origins: readonly string[] | undefined) {
    this.list = origins && new Set(origins.map((origin) => origin.replace(/\/$/, "").toLowerCase()));
  }

  allows(headers: Headers): boolean {
    const origin = headers.get("origin");
    return this.list === undefined || origin === null || this.names(origin);
  }

  /** Adds what lets an allowed page read the response. */
  decorate(request: Request, response: Response): Response {
    const origin = request.headers.get("origin");
    if (this.list === undefined) return response;
    response.headers.append("vary", "Origin");
    if (origin === null || !this.names(origin)) return response;
    response.headers.set("access-control-allow-origin", origin);
    // The id of a call is in there.
    response.headers.set("access-control-expose-headers", "location");
    return response;
  }

  /** The answer to OPTIONS, for a path that knows `methods`. */
  preflight(request: Request, methods: readonly string[]): Response {
    const allow = allowed(methods);
    const response = new Response(null, { status: 204, headers: { allow } });
    if (this.list === undefined || !this.allows(request.headers)) return response;
    response.headers.set("access-control-allow-methods", allow);
    const wanted = request.headers.get("access-control-request-headers");
    response.headers.set("access-control-allow-headers", wanted ?? "authorization, content-type");
    response.headers.set("access-control-max-age", "600");
    return response;
  }

  private names(origin: string): boolean {
    return this.list !== undefined && (this.list.has("*") || this.list.has(origin.toLowerCase()));
  }
}
