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

async function list(options: SessionRoutesOptions, request: RouteRequest): Promise<Response> {
  const { tenant } = await operator(options, request);
  const { searchParams } = request.origin.url;
  const limit = readLimit(searchParams);
  const status = searchParams.get("status");
  if (status !== null && !STATUSES.some((each) => each === status))
    throw errors.unsupportedValue("status", status, STATUSES);
  const before = await placeOf(options, tenant, searchParams.get("after"));
  const live = status === "ended" ? [] : liveAfter(options.sessions, tenant, before);
  const archived = status === "live" ? [] : await archivedAfter(options, { tenant, before, limit: limit + 1 });
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
  query: { tenant: string; before: SessionPlace | undefined; limit: number },
) {
  const ended = (await archive?.list(query)) ?? [];
  // One that is being written down while it ends is shown once.
  return ended
    .filter(({ sessionId }) => sessions.find(query.tenant, sessionId) === undefined)
    .map((each) => ({ place: each, body: endedBody(each) }));
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
  const ended = await options.archive?.find({ tenant, sessionId: id });
  if (ended === undefined) throw refusals.notFound(errors.sessionNotFound(id));
  return json(200, { ...endedBody(ended), items: toPage(itemsAfter(ended.items, after), limit) });
}

function itemsAfter<T extends { readonly id: string }>(items: readonly T[], after: string | null): readonly T[] {
  if (after === null) return items;
  const at = items.findIndex(({ id }) => id === after);
  if (at === -1) throw errors.invalidValue("after", `No item with id '${after.slice(0, 100)}' found.`);
  return items.slice(at + 1);
}

async function end(options: SessionRoutesOptions, request: RouteRequest): Promise<Response> {
  const { tenant } = await operator(options, request);
  const id = request.params["id"] ?? "";
  const live = options.sessions.find(tenant, id);
  if (live === undefined) throw refusals.notFound(errors.sessionNotFound(id));
  const { sessionId } = live.info;
  live.end(CloseCode.normal, "session_ended");
  return json(200, { object: "realtime.session.deleted", id: sessionId, deleted: true });
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

function endedBody(session: ArchivedSession) {
  return { ...commonBody(session), status: "ended", ended_at: seconds(session.endedAt), usage: session.usage };
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
