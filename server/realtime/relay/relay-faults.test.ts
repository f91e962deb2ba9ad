import { describe, expect, it } from "vitest";
import type { RelayOptions } from "../engine/relay";
import type { ClientEvent } from "../protocol/client-events";
import { created, front, opened, SECRET } from "../conformance/test-relay";
import { listen } from "../conformance/test-support";
import { sessionEvent, testUpstream } from "../conformance/test-upstream";

describe("a relay whose upstream is not well", () => {
  type Case = readonly [string, number, { code: string; type: string }, number, RegExp, Partial<RelayOptions>?];
  const server = { code: "server_error", type: "server_error" };
  const refused: Case[] = [
    ["a wrong key", 401, server, 1011, /refuses the relay's key \(HTTP 401\): check its apiKey/],
    ["a key that may not", 403, server, 1011, /HTTP 403/],
    [
      "a model of the client's that it does not know",
      404,
      { code: "invalid_model", type: "invalid_request_error" },
      4000,
      /HTTP 404/,
    ],
    ["a model of the operator's", 404, server, 1011, /check the relay's url and model/, { model: "theirs" }],
    ["too many requests", 429, { code: "rate_limit_exceeded", type: "rate_limit_error" }, 1013, /HTTP 429/],
    ["an overload", 503, { code: "server_overloaded", type: "overloaded_error" }, 1013, /HTTP 503/],
    ["a path that is none", 400, server, 1011, /HTTP 400/],
  ];
  it.each(refused.map((each) => [each[0], each] as const))(
    "%s",
    async (_, [, status, error, closeCode, log, options]) => {
      const upstream = await testUpstream({ status: () => status });
      const { client, faults } = await front(upstream, options);
      expect((await client.next("error")).error).toMatchObject(error);
      expect((await client.closed).code).toBe(closeCode);
      expect(String(faults[0])).toMatch(log);
      expect(JSON.stringify([faults.map(String), client.events])).not.toContain(SECRET);
      expect(upstream.handshakes).toHaveLength(status === 503 ? 3 : 1);
    },
  );

  const errorsInPlaceOfGreeting: [string, number, string, string, number][] = [
    ["invalid_api_key", 3000, "server_error", "auth", 1011],
    ["invalid_model", 4000, "invalid_model", "model", 4000],
    ["insufficient_quota", 1000, "rate_limit_exceeded", "rate_limit", 1013],
    ["server_overloaded", 1013, "server_overloaded", "overloaded", 1013],
    ["something_else", 1011, "server_error", "misbehaved", 1011],
  ];
  it.each(errorsInPlaceOfGreeting)("%s in place of a greeting", async (code, close, told, kind, closeCode) => {
    const upstream = await testUpstream({
      onPeer: (peer) => {
        const error = { type: "invalid_request_error", code, message: "Their words.", param: null, event_id: null };
        peer.send({ type: "error", event_id: "event_1", error });
        peer.socket.close(close);
      },
    });
    const { client, faults } = await front(upstream);
    expect((await client.next("error")).error.code).toBe(told);
    expect((await client.closed).code).toBe(closeCode);
    expect(faults[0]).toMatchObject({ kind });
  });

  it("nobody there: tries again, then says so without a word of where", async () => {
    const nobody = await listen((await import("node:http")).createServer((_, res) => res.destroy()));
    const { client, faults } = await front({ url: `ws://${nobody}` });
    expect((await client.next("error")).error).toMatchObject({ type: "server_error" });
    expect(JSON.stringify(client.events)).not.toContain(nobody);
    expect(String(faults[0])).toContain(nobody);
  });

  it("one that does not greet is given up", async () => {
    const upstream = await testUpstream({ onPeer: () => undefined });
    const { client, faults } = await front(upstream, { connectTimeoutMs: 30, attempts: 2 });
    expect((await client.closed).code).toBe(1011);
    expect(String(faults[0])).toMatch(/did not greet within 30 ms/);
    expect(upstream.handshakes).toHaveLength(2);
  });

  it.each(["{nonsense", '"a string"', Buffer.from([1])])("one that speaks something else (%j)", async (frame) => {
    const { client, peer, faults } = await opened();
    peer.socket.send(frame);
    expect((await client.next("error")).error.code).toBe("server_error");
    expect((await client.closed).code).toBe(1011);
    expect(String(faults[0])).toMatch(/sent what is no event/);
  });

  it.each(["response.created", "response.done", "conversation.item.added", "session.updated", "error"])(
    "one whose %s lacks all that matters ends its own session at most",
    async (type) => {
      const { client, peer } = await opened();
      peer.send({ type });
      peer.send(created);
      peer.socket.close(1000, "enough");
      expect([1000, 1011]).toContain((await client.closed).code);
    },
  );

  it("a configuration that it refuses, in its own words", async () => {
    const upstream = await testUpstream();
    const session = { type: "realtime" as const, instructions: "x" };
    const { client } = await front(upstream, {}, { authenticate: () => ({ tenant: "t", session }) });
    const peer = await upstream.peer(0);
    const { event_id } = await peer.next("session.update");
    const error = {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "No such voice.",
      param: "session.voice",
    };
    peer.send({ type: "error", event_id: "event_1", error: { ...error, event_id } });
    expect((await client.next("error")).error).toMatchObject(error);
    expect((await client.closed).code).toBe(4000);
  });

  it("tries again where that may help", async () => {
    const upstream = await testUpstream({ status: (handshake) => (handshake < 3 ? 502 : 101) });
    const { client } = await front(upstream);
    await client.next("session.created");
    expect(upstream.handshakes).toHaveLength(3);
  });

  it("connects anew when it is lost before anything happened, and says again what was said", async () => {
    const { client, upstream, peer } = await opened();
    const update: ClientEvent = { type: "session.update", session: { type: "realtime", instructions: "A" } };
    client.send({ ...update, event_id: "first" });
    await peer.next("session.update");
    peer.send(sessionEvent("session.updated", { instructions: "A" }));
    await client.next("session.updated");
    client.send({ type: "input_audio_buffer.append", audio: "AAAA" });
    await peer.next("input_audio_buffer.append");
    peer.socket.terminate();
    const second = await upstream.peer(1);
    expect(await second.next("session.update")).toMatchObject({ event_id: "first" });
    expect(await second.next("input_audio_buffer.append")).toMatchObject({ audio: "AAAA" });
    second.send(sessionEvent("session.updated", { instructions: "A" }));
    client.send({ ...update, event_id: "second" });
    await second.next("session.update");
    second.send(sessionEvent("session.updated", { instructions: "B" }));
    second.send(created);
    await client.next("response.created");
    expect(client.events.map(({ type }) => type)).toEqual([
      "session.created",
      "session.updated",
      "session.updated",
      "response.created",
    ]);
  });

  it("does not connect anew once something happened", async () => {
    const { client, peer, upstream, faults } = await opened();
    peer.send(created);
    await client.next("response.created");
    peer.socket.terminate();
    expect((await client.next("error")).error).toMatchObject({ message: "The connection to the model was lost." });
    expect(await client.closed).toEqual({ code: 1011, reason: "server_error.server_error" });
    expect(upstream.handshakes).toHaveLength(1);
    expect(faults[0]).toMatchObject({ kind: "lost" });
  });

  it("gives up one that is silent for too long", async () => {
    const { client, peer } = await opened({}, { pingIntervalMs: 25 });
    peer.send(created);
    await client.next("response.created");
    // It neither reads nor answers.
    peer.socket.pause();
    expect((await client.next("error")).error.code).toBe("server_error");
    expect((await client.closed).code).toBe(1011);
  });
});
