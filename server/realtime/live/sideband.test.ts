import { describe, expect, it, onTestFinished } from "vitest";
import { apiKeys, type Authenticate } from "../door/auth";
import type { RealtimeHandlerOptions } from "../options";
import type { ArchivedConversation } from "./session-archive";
import { noUsage } from "./session-usage";
import { dial, serve, testHandler, textEngine, textTurn } from "../conformance/test-support";
import { connectInMemory, type MemoryConnectOptions } from "../testing/realtime";

const keys: Record<string, string> = { "sk-one": "one", "sk-two": "two" };
const authenticate: Authenticate = ({ key }) => {
  const tenant = keys[key ?? ""];
  return tenant === undefined ? null : { tenant, keyId: `key_${tenant}` };
};

function setUp(options: Partial<RealtimeHandlerOptions> = {}) {
  const handler = testHandler({ authenticate, ...options });
  const connect = (more: MemoryConnectOptions = {}) => connectInMemory(handler, { apiKey: "sk-one", ...more });
  const join = (callId: string, more: MemoryConnectOptions = {}) =>
    connect({ model: null, query: { call_id: callId }, ...more });
  const call = async (method: string, path: string, key = "sk-one") => {
    const request = new Request(`http://x/v1/realtime/sessions${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
    });
    const response = await handler.fetch(request);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { handler, connect, join, call };
}

const idOf = async ({ client }: ReturnType<typeof connectInMemory>): Promise<string> =>
  (await client.next("session.created")).session.id;

describe("a sideband", () => {
  it("is greeted with the session as it stands, sees every event in the owner's order, and may send any", async () => {
    const { connect, join } = setUp();
    const owner = connect();
    const id = await idOf(owner);
    owner.client.send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
    await owner.client.next("session.updated");
    const [first, second] = [join(id), join(id)];
    const greeting = await first.client.next("session.created");
    expect(greeting.session).toMatchObject({ id, instructions: "Be brief." });
    await second.client.next("session.created");

    await textTurn(first.client, "from the side");
    owner.client.send({ type: "response.cancel", event_id: "mine" });
    await owner.client.next("error");
    await expect.poll(() => second.client.events.at(-1)?.type).toBe("error");
    await expect.poll(() => first.client.events.at(-1)?.type).toBe("error");
    const seen = owner.client.events.slice(2);
    expect(seen.map(({ type }) => type)).toContain("response.done");
    expect(first.client.events.slice(1)).toEqual(seen);
    expect(second.client.events.slice(1)).toEqual(seen);
  });

  it("goes away without ending anything, and ends with the session", async () => {
    const { connect, join } = setUp();
    const owner = connect();
    const id = await idOf(owner);
    const [leaves, stays] = [join(id), join(id)];
    await leaves.client.next("session.created");
    await stays.client.next("session.created");
    await leaves.client.close();
    await textTurn(owner.client);
    await stays.client.next("response.done");
    await owner.client.close(1000, "bye");
    expect(await stays.client.closed).toEqual({ code: 1000, reason: "bye" });
    const late = join(id);
    expect((await late.client.next("error")).error).toMatchObject({ code: "invalid_call_id", param: "call_id" });
  });

  it("is dropped when it does not read, while the call goes on", async () => {
    const { connect, join } = setUp({ engine: textEngine({ reply: "x".repeat(1_000_000) }) });
    const owner = connect();
    const slow = join(await idOf(owner));
    await slow.client.next("session.created");
    slow.socket.pauseReading();
    // The reply is sent as a delta, as its whole, and in the items: a few of them are more than 8 MiB.
    for (let turn = 0; turn < 4; turn++) await textTurn(owner.client);
    expect(await slow.client.closed).toMatchObject({ code: 1013 });
    await textTurn(owner.client);
  });

  it("joins only its own tenant's sessions, and only with an API key", async () => {
    const { connect, join, handler } = setUp();
    const id = await idOf(connect());
    for (const refused of [join(id, { apiKey: "sk-two" }), join("rtc_nope")]) {
      const { error } = await refused.client.next("error");
      expect(error).toMatchObject({ type: "invalid_request_error", code: "invalid_call_id", param: "call_id" });
      expect(await refused.client.closed).toEqual({ code: 4000, reason: "invalid_request_error.invalid_call_id" });
    }
    const minted = await handler.fetch(
      new Request("http://x/v1/realtime/client_secrets", {
        method: "POST",
        headers: { authorization: "Bearer sk-one" },
      }),
    );
    const { value } = (await minted.json()) as { value: string };
    const browser = join(id, { apiKey: value });
    expect((await browser.client.next("error")).error.code).toBe("insufficient_permissions");
    expect((await browser.client.closed).code).toBe(3000);
  });

  it("at most sixteen at a time", async () => {
    const { connect, join } = setUp();
    const id = await idOf(connect());
    const all = Array.from({ length: 16 }, () => join(id));
    for (const { client } of all) await client.next("session.created");
    const refused = join(id);
    expect((await refused.client.next("error")).error.type).toBe("overloaded_error");
    await all[0]?.client.close();
    await join(id).client.next("session.created");
  });

  it("works over a real WebSocket", async () => {
    const handler = testHandler({ authenticate: apiKeys(["sk-one"]) });
    const host = await serve(handler);
    const owner = await dial(host, { apiKey: "sk-one" });
    const { id } = (await owner.next("session.created")).session;
    const side = await dial(host, { apiKey: "sk-one", path: `/v1/realtime?call_id=${id}` });
    expect((await side.next("session.created")).session.id).toBe(id);
    await textTurn(owner);
    await side.next("response.done");
  });
});

describe("/v1/realtime/sessions", () => {
  it("lists the tenant's live sessions, newest first, in pages", async () => {
    const { connect, call } = setUp();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await idOf(connect()));
    await idOf(connect({ apiKey: "sk-two" }));
    const seen: string[] = [];
    let after = "";
    for (let more: unknown = true; more === true;) {
      const { status, body } = await call("GET", `?limit=2${after}`);
      expect(status).toBe(200);
      seen.push(...(body["data"] as { id: string }[]).map(({ id }) => id));
      more = body["has_more"];
      after = `&after=${String(body["last_id"])}`;
    }
    expect([...seen].sort()).toEqual([...ids].sort());
    expect((await call("GET", "", "sk-two")).body["data"]).toHaveLength(1);
  });

  it("shows one with its state, usage and items", async () => {
    const { connect, call } = setUp();
    const owner = connect();
    const id = await idOf(owner);
    await textTurn(owner.client, "Hello");
    const { status, body } = await call("GET", `/${id}?limit=1`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: "realtime.session.record",
      id,
      call_id: null,
      status: "live",
      model: "antiphon",
      transport: "memory",
      session: { id, object: "realtime.session" },
      items: { data: [{ type: "message", role: "user" }], has_more: true },
    });
    expect((body["usage"] as { total_tokens: number }).total_tokens).toBeGreaterThan(0);
    const rest = await call("GET", `/${id}?after=${(body["items"] as { last_id: string }).last_id}`);
    expect(rest.body["items"]).toMatchObject({ data: [{ role: "assistant" }], has_more: false });
  });

  it("ends one for everybody connected to it", async () => {
    const { connect, join, call } = setUp();
    const owner = connect();
    const id = await idOf(owner);
    const side = join(id);
    await side.client.next("session.created");
    expect((await call("DELETE", `/${id}`, "sk-two")).status).toBe(404);
    expect(await call("DELETE", `/${id}`)).toEqual({
      status: 200,
      body: { object: "realtime.session.deleted", id, deleted: true },
    });
    expect(await owner.client.closed).toEqual({ code: 1000, reason: "session_ended" });
    expect(await side.client.closed).toEqual({ code: 1000, reason: "session_ended" });
    expect((await call("GET", `/${id}`)).body["error"]).toMatchObject({ code: "session_not_found", param: "id" });
    expect((await call("DELETE", `/${id}`)).status).toBe(404);
  });

  it("refuses bad questions by name, and client secrets", async () => {
    const { call, handler } = setUp();
    for (const [query, param] of [
      ["?limit=0", "limit"],
      ["?limit=x", "limit"],
      ["?status=dead", "status"],
      ["?after=sess_nope", "after"],
    ]) {
      const { status, body } = await call("GET", query ?? "");
      expect([status, (body["error"] as { param: string }).param]).toEqual([400, param]);
    }
    expect((await call("GET", "", "sk-wrong")).status).toBe(401);
    const minted = await handler.fetch(
      new Request("http://x/v1/realtime/client_secrets", {
        method: "POST",
        headers: { authorization: "Bearer sk-one" },
      }),
    );
    const { value } = (await minted.json()) as { value: string };
    expect((await call("GET", "", value)).status).toBe(403);
  });

  it("shows ended sessions where the host keeps them, in one order with the live ones", async () => {
    const usage = noUsage();
    const ended = [3, 2, 1].map((hour) => ({
      sessionId: `sess_old${hour}`,
      conversationId: `conv_${hour}`,
      model: "antiphon",
      transport: "websocket",
      startedAt: hour * 3_600_000,
      endedAt: hour * 3_600_000 + 60_000,
      usage,
      items: [],
    }));
    const { connect, call } = setUp({
      archive: {
        list: ({ tenant, before, limit }) =>
          Promise.resolve(
            (tenant === "one" ? ended : [])
              .filter(({ startedAt }) => before === undefined || startedAt < before.startedAt)
              .slice(0, limit),
          ),
        find: ({ tenant, sessionId }) =>
          Promise.resolve(tenant === "one" ? ended.find((each) => each.sessionId === sessionId) : undefined),
      },
    });
    const id = await idOf(connect());
    const first = await call("GET", "?limit=2");
    expect((first.body["data"] as { id: string }[]).map((each) => each.id)).toEqual([id, "sess_old3"]);
    const next = await call("GET", "?limit=2&after=sess_old3");
    expect(next.body).toMatchObject({ data: [{ id: "sess_old2" }, { id: "sess_old1" }], has_more: false });
    expect((await call("GET", "?status=live")).body["data"]).toHaveLength(1);
    expect((await call("GET", "?status=ended")).body["data"]).toHaveLength(3);
    const one = await call("GET", "/sess_old1");
    expect(one.body).toMatchObject({ status: "ended", ended_at: 3_660, items: { data: [] } });
    expect((await call("GET", "/sess_old1", "sk-two")).status).toBe(404);
    expect((await call("DELETE", "/sess_old1")).status).toBe(404);
  });

  it("shows and ends sessions of other servers where the host knows of them, and each of its own once", async () => {
    const started = Date.now() + 60_000;
    const common = { conversationId: "conv_x", model: "antiphon", transport: "webrtc", usage: noUsage() };
    const elsewhere = { sessionId: "sess_far", callId: "rtc_far", startedAt: started, ...common, items: [] };
    const ended = { ...elsewhere, sessionId: "sess_over", startedAt: started + 1, endedAt: started + 2 };
    const known: ArchivedConversation[] = [ended, elsewhere];
    const asked: unknown[] = [];
    const { connect, call } = setUp({
      archive: {
        // Knows what runs here too, as a common database does, and nothing of `status`.
        list: ({ tenant }) => Promise.resolve(tenant === "one" ? known : []),
        find: ({ tenant, sessionId: id }) =>
          Promise.resolve(known.find((each) => tenant === "one" && (each.sessionId === id || each.callId === id))),
        end: (query) => {
          asked.push(query);
          return Promise.resolve(query.tenant === "one" && query.sessionId === "rtc_far" ? "sess_far" : undefined);
        },
      },
    });
    const id = await idOf(connect());
    known.push({ ...elsewhere, sessionId: id, startedAt: 0 });
    const idsOf = async (query: string, key?: string) =>
      ((await call("GET", query, key)).body["data"] as { id: string }[]).map((each) => each.id);
    expect(await idsOf("")).toEqual(["sess_over", "sess_far", id]);
    expect(await idsOf("?status=live")).toEqual(["sess_far", id]);
    expect(await idsOf("?status=ended")).toEqual(["sess_over"]);
    expect(await idsOf("", "sk-two")).toEqual([]);
    expect((await call("GET", "/sess_far")).body).toMatchObject({ status: "live", ended_at: null, call_id: "rtc_far" });
    expect(await call("DELETE", "/rtc_far")).toEqual({
      status: 200,
      body: { object: "realtime.session.deleted", id: "sess_far", deleted: true },
    });
    expect(asked).toEqual([{ tenant: "one", sessionId: "rtc_far", keyId: "key_one" }]);
    expect((await call("DELETE", "/rtc_far", "sk-two")).status).toBe(404);
    expect((await call("DELETE", `/${id}`)).status).toBe(200);
    expect(asked).toHaveLength(2);
  });
});

it("handler.sessions: the host looks at sessions of all tenants and ends them", async () => {
  const { connect, handler } = setUp();
  const owner = connect();
  const id = await idOf(owner);
  await idOf(connect({ apiKey: "sk-two" }));
  onTestFinished(() => handler.close({ drainMs: 1 }));
  expect(handler.sessions.list()).toHaveLength(2);
  expect(handler.sessions.list({ tenant: "one" })).toMatchObject([{ sessionId: id, keyId: "key_one" }]);
  expect(handler.sessions.end(id, "key_revoked")).toBe(true);
  expect((await owner.client.closed).reason).toBe("key_revoked");
  expect(handler.sessions.find(id)).toBeUndefined();
  expect(handler.sessions.end(id)).toBe(false);
});
