/** For operators: `GET /v1/realtime/sessions`, `GET` and `DELETE /v1/realtime/sessions/{id}`, of the key's own tenant. */
import type { Identity } from "../door/auth";
import type { Authenticator } from "../door/authenticator";
import type { LiveSession } from "../live/live-session";
import { CloseCode, errors } from "../protocol/errors";
import { refusals } from "../door/refusal";
import type { ArchivedSession, SessionArchive } from "../live/session-archive";
import { newerFirst, type SessionPlace, type SessionRegistry } from "../live/session-registry";
import { readLimit, toPage } from "./paging";
import { json } from "./responses";
import type { Route, RouteRequest } from "./router";
import { sessionDocuments } from "./session-documents";

export interface SessionRoutesOptions {
  readonly basePath: string;
  readonly authenticator: Authenticator;
  readonly sessions: SessionRegistry;
  readonly archive: SessionArchive | undefined;
}

export function sessionRoutes(options: SessionRoutesOptions): Route[] {
  const path = `${options.basePath}/sessions`;
  return [
    { method: "GET", path, document: sessionDocuments.list, handle: (request) => list(options, request) },
    {
      method: "GET",
      path: `${path}/{id}`,
      document: sessionDocuments.retrieve,
      handle: (request) => retrieve(options, request),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      document: sessionDocuments.end,
      handle: (request) => end(options, request),
    },
  ];
}

const STATUSES = ["live", "ended"] as const;
type Status = (typeof STATUSES)[number];

async function list(options: SessionRoutesOptions, request: RouteRequest): Promise<Response> {
  const { tenant } = await operator(options, request);
  const { searchParams } = request.origin.url;
  const limit = readLimit(searchParams);
  const asked = searchParams.get("status");
  const status = STATUSES.find((each) => each === asked);
  if (asked !== null && status === undefined) throw errors.unsupportedValue("status", asked, STATUSES);
  const before = await placeOf(options, tenant, searchParams.get("after"));
  const live = status === "ended" ? [] : liveAfter(options.sessions, tenant, before);
  const archived = await archivedAfter(options, { tenant, status, before, limit: limit + 1 });
  const all = [...live.map((each) => ({ place: each.info, body: liveBody(each) })), ...archived].sort((a, b) =>
    newerFirst(a.place, b.place),
  );
  return json(
    200,
    toPage(
      all.map(({ body }) => body),
      limit,
    ),
  );
}

function liveAfter(sessions: SessionRegistry, tenant: string, before: SessionPlace | undefined): LiveSession[] {
  return sessions.list(tenant).filter(({ info }) => before === undefined || newerFirst(before, info) < 0);
}

async function archivedAfter(
  { archive, sessions }: SessionRoutesOptions,
  query: { tenant: string; status: Status | undefined; before: SessionPlace | undefined; limit: number },
) {
  const found = (await archive?.list(query)) ?? [];
  return (
    found
      .filter((each) => query.status === undefined || statusOf(each) === query.status)
      // What runs here is shown once, as it stands here.
      .filter(({ sessionId }) => sessions.find(query.tenant, sessionId) === undefined)
      .map((each) => ({ place: each, body: archivedBody(each) }))
  );
}

/** Where the page before this one ended. */
async function placeOf(
  { sessions, archive }: SessionRoutesOptions,
  tenant: string,
  after: string | null,
): Promise<SessionPlace | undefined> {
  if (after === null) return undefined;
  const place = sessions.find(tenant, after)?.info ?? (await archive?.find({ tenant, sessionId: after }));
  if (place === undefined) throw errors.invalidValue("after", `No session with id '${after.slice(0, 100)}' found.`);
  return place;
}

async function retrieve(options: SessionRoutesOptions, request: RouteRequest): Promise<Response> {
  const { tenant } = await operator(options, request);
  const id = request.params["id"] ?? "";
  const { searchParams } = request.origin.url;
  const limit = readLimit(searchParams);
  const after = searchParams.get("after");
  const live = options.sessions.find(tenant, id);
  if (live !== undefined) {
    const { resource, items } = live.snapshot();
    return json(200, { ...liveBody(live), session: resource, items: toPage(itemsAfter(items, after), limit) });
  }
  const found = await options.archive?.find({ tenant, sessionId: id });
  if (found === undefined) throw refusals.notFound(errors.sessionNotFound(id));
  const { session, items } = found;
  const configured = session !== undefined && statusOf(found) === "live" && { session };
  return json(200, { ...archivedBody(found), ...configured, items: toPage(itemsAfter(items, after), limit) });
}

function itemsAfter<T extends { readonly id: string }>(items: readonly T[], after: string | null): readonly T[] {
  if (after === null) return items;
  const at = items.findIndex(({ id }) => id === after);
  if (at === -1) throw errors.invalidValue("after", `No item with id '${after.slice(0, 100)}' found.`);
  return items.slice(at + 1);
}

async function end(options: SessionRoutesOptions, request: RouteRequest): Promise<Response> {
  const { tenant, keyId } = await operator(options, request);
  const id = request.params["id"] ?? "";
  const live = options.sessions.find(tenant, id);
  live?.end(CloseCode.normal, "session_ended");
  const ended = live?.info.sessionId ?? (await options.archive?.end?.({ tenant, sessionId: id, keyId }));
  if (ended === undefined) throw refusals.notFound(errors.sessionNotFound(id));
  return json(200, { object: "realtime.session.deleted", id: ended, deleted: true });
}

async function operator({ authenticator }: SessionRoutesOptions, { origin, request }: RouteRequest): Promise<Identity> {
  const { method } = request;
  const { identity, isClientSecret } = await authenticator.identify({ ...origin, method, purpose: "rest" });
  if (isClientSecret) {
    throw refusals.forbidden("A client secret cannot look at sessions. Use an API key.", "insufficient_permissions");
  }
  return identity;
}

function liveBody({ info, usage }: LiveSession) {
  return { ...commonBody(info), status: "live", ended_at: null, usage };
}

function statusOf({ endedAt }: ArchivedSession): Status {
  return endedAt === undefined ? "live" : "ended";
}

function archivedBody(session: ArchivedSession) {
  const { endedAt, usage } = session;
  const status = statusOf(session);
  return { ...commonBody(session), status, ended_at: endedAt === undefined ? null : seconds(endedAt), usage };
}

function commonBody(info: Omit<ArchivedSession, "endedAt" | "usage">) {
  return {
    object: "realtime.session.record",
    id: info.sessionId,
    call_id: info.callId ?? null,
    conversation_id: info.conversationId,
    model: info.model,
    transport: info.transport,
    created_at: seconds(info.startedAt),
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
