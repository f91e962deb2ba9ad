/** All REST routes of a handler behind its origin policy, as one Fetch handler. */
import { posix } from "node:path";
import { hostPrefix } from "../door/doors";
import type { RequestOrigin } from "../door/authenticator";
import { refusals } from "../door/refusal";
import type { RealtimeService } from "../service";
import { asyncApiRoute } from "./asyncapi";
import { azureRoutes } from "./azure-routes";
import { betaSessionRoutes } from "./beta-sessions";
import type { WebRtcCalls } from "../calls/webrtc";
import { callRoutes } from "./calls";
import { clientSecretRoutes } from "./client-secrets";
import type { OriginPolicy } from "./cors";
import { modelRoutes } from "./models";
import { openApiRoute } from "./openapi";
import { errorResponse } from "./responses";
import { Router, type Route } from "./router";
import { sessionRoutes } from "./sessions";
import { voicesRoute } from "./voices";
import { translationRoutes } from "./translations";
import { websocketRoute } from "./websocket-route";

export interface RestOptions {
  readonly basePath: string;
  readonly service: RealtimeService;
  readonly origins: OriginPolicy;
  readonly webrtc: WebRtcCalls | undefined;
  /** Whether to serve the documents that describe the API. */
  readonly documents: boolean;
  /** Whether the routes are found where Azure has them, too. */
  readonly azure: boolean;
}

export class RestApi {
  readonly routes: readonly Route[];
  private readonly router: Router;

  constructor(private readonly options: RestOptions) {
    const { basePath, service, documents, azure, webrtc } = options;
    const root = posix.dirname(basePath).replace(/\/$/, "");
    const { models, secrets, authenticator, acting } = service;
    const secretOptions = { basePath, models, secrets, authenticator, acting };
    const own = [
      websocketRoute(basePath, "openRealtimeSession"),
      ...clientSecretRoutes(secretOptions),
      ...betaSessionRoutes(secretOptions),
      ...sessionRoutes({ basePath, authenticator, sessions: service.sessions, archive: service.archive }),
      ...callRoutes({ basePath, authenticator, calls: service.calls, webrtc }),
      ...modelRoutes({ root, models, authenticator }),
      voicesRoute({ basePath, models, authenticator }),
    ];
    const prefix = hostPrefix(basePath);
    this.routes = [
      ...own,
      ...translationRoutes(secretOptions),
      ...(azure ? azureRoutes(own, { basePath, prefix }) : []),
      ...(documents
        ? [
            openApiRoute(`${prefix}/openapi.json`, () => this.routes),
            asyncApiRoute(`${prefix}/asyncapi.json`, basePath),
          ]
        : []),
    ];
    this.router = new Router({ onFault: (error) => service.fault(error), routes: this.routes });
  }

  /** Whether a path is ours to answer, be it with 404. */
  owns(pathname: string): boolean {
    return isBelow(this.options.basePath, pathname) || this.router.methods(pathname).length > 0;
  }

  /** Never rejects. */
  async handle(request: Request, origin: RequestOrigin): Promise<Response> {
    const { origins, service } = this.options;
    const methods = this.router.methods(origin.url.pathname);
    if (request.method === "OPTIONS" && methods.length > 0) {
      return origins.decorate(request, origins.preflight(request, methods));
    }
    if (!origins.allows(request.headers)) return errorResponse(refusals.originForbidden());
    if (service.isClosing) return errorResponse(refusals.shuttingDown());
    return origins.decorate(request, await this.router.handle(request, origin));
  }
}

export function isBelow(basePath: string, pathname: string): boolean {
  return pathname === basePath || pathname.startsWith(`${basePath}/`);
}
