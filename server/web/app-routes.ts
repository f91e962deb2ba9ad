/** The app's own routes, beside the realtime API: logging in, what pages call, and recorded audio. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { scopesOf } from "../../lib/auth/roles";
import type { Viewer } from "../../lib/auth/viewer";
import type { Host } from "../../lib/host";
import type { Logger } from "../../lib/logger";
import type { Networks } from "../../lib/networks";
import { needsSetup } from "../../lib/services/users/setup";
import { createContext, type Login, organisationLogin, type RequestInfo, type Surroundings } from "../api/context";
import { appRouter } from "../api/root";
import { createAccounts } from "../auth/accounts";
import { AUTH_PATH, createAuthHandler } from "../auth/handler";
import { createAuth } from "../auth/login";
import type { AuthProviders } from "../auth/options";
import type { AudioStore } from "../observers/audio/store";
import { clientAddress } from "./client-address";
import { serveFetch } from "./fetch";
import { isAtThisMachine, isFromOurPage, requestFacts, requestOrigin } from "./origin";
import { isMarkedLocal } from "./page-headers";
import { type Asking, createRecordingsHandler, RECORDINGS_PATH } from "./recordings";

export interface AppRoutesOptions {
  readonly surroundings: Surroundings;
  /** Where recorded audio is. */
  readonly audio: AudioStore;
  readonly authSecret: string;
  readonly providers: AuthProviders;
  /** Of the operator: they say for whom they ask. */
  readonly trustedProxies: Networks;
  readonly log: Logger;
}

export interface AppRoutes {
  /** False: the path is not ours. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void> | false;
  readonly host: Host;
}

const TRPC_PATH = "/api/trpc";

export function createAppRoutes(options: AppRoutesOptions): AppRoutes {
  const { surroundings, audio, authSecret, providers, trustedProxies, log } = options;
  const { services, mail, signUp } = surroundings;
  const auth = createAuth({ services, secret: authSecret });
  const accounts = createAccounts(services);
  const logIn = createAuthHandler({ secret: authSecret, accounts, providers, log });

  const addressOf = (req: IncomingMessage): string => clientAddress(requestFacts(req), trustedProxies);
  const contextOf = async (req: IncomingMessage, request: Request) => {
    const again = (): Promise<Login | undefined> => auth(request.headers.get("cookie"));
    const info = requestInfo(req, addressOf(req));
    return createContext(surroundings, { login: await again(), again, request: info });
  };
  const playRecording = (req: IncomingMessage): ((request: Request) => Promise<Response>) =>
    createRecordingsHandler({
      audio,
      log,
      asking: async (request): Promise<Asking> => {
        const { login, serviceContext } = await contextOf(req, request);
        if (login === undefined) return "nobody";
        const member = organisationLogin(login);
        return member ? serviceContext(member) : "no-member";
      },
    });
  const callProcedure = (req: IncomingMessage, request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: TRPC_PATH,
      req: request,
      router: appRouter,
      createContext: () => contextOf(req, request),
      responseMeta: () => ({
        headers: new Headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" }),
      }),
      onError: ({ error, path }) => {
        if (error.code === "INTERNAL_SERVER_ERROR")
          log.error(`The procedure ${path ?? "?"} failed.`, error.cause ?? error);
      },
    });

  return {
    handle: (req, res) => {
      const path = req.url?.replace(/\?.*$/s, "") ?? "";
      if (path.startsWith(`${TRPC_PATH}/`)) return serveFetch(req, res, (request) => callProcedure(req, request));
      if (path.startsWith(`${AUTH_PATH}/`))
        return serveFetch(req, res, (request) => logIn(request, { address: addressOf(req) }));
      if (path.startsWith(`${RECORDINGS_PATH}/`)) return serveFetch(req, res, playRecording(req));
      return false;
    },
    host: {
      viewer: async (headers) => {
        const login = await auth(headers.get("cookie"));
        return login && toViewer(login);
      },
      door: async (headers) => ({
        needsOwner: await needsSetup(services),
        atThisMachine: isMarkedLocal(headers),
        providers: namesOf(providers),
        mail: mail.enabled,
        signUp,
      }),
    },
  };
}

function requestInfo(req: IncomingMessage, address: string): RequestInfo {
  const facts = requestFacts(req);
  return {
    id: randomUUID(),
    address,
    origin: requestOrigin(req),
    fromOurPage: isFromOurPage(facts),
    atThisMachine: isAtThisMachine(facts),
  };
}

function toViewer({ user, organisation, organisations }: Login): Viewer {
  return {
    user,
    organisation: organisation && { id: organisation.id, name: organisation.name },
    organisations: organisations.map(({ id, name }) => ({ id, name })),
    role: organisation?.role,
    scopes: organisation === undefined ? [] : [...scopesOf(organisation.role)],
  };
}

function namesOf({ github, google, oidc }: AuthProviders): { id: string; name: string }[] {
  return [
    ...(github ? [{ id: "github", name: "GitHub" }] : []),
    ...(google ? [{ id: "google", name: "Google" }] : []),
    ...(oidc ? [{ id: "oidc", name: oidc.name }] : []),
  ];
}
