import { OpenAI } from "openai-latest";
import { expect, it, onTestFinished } from "vitest";
import { apiKeys } from "../door/auth";
import { testHandler } from "../conformance/test-support";
import type { CallControl } from "./control";
import { incomingCall, signWebhook } from "./incoming";

const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

it("a signed webhook is verified and read by the official package", async () => {
  const event = incomingCall("rtc_1", [
    ["From", "sip:ann@example.com"],
    ["Proxy-Authorization", "secret"],
  ]);
  const { body, headers } = signWebhook(event, secret);
  const client = new OpenAI({ apiKey: "none", webhookSecret: secret });
  const read = await client.webhooks.unwrap(body, headers);
  expect(read).toEqual({
    object: "event",
    id: expect.stringMatching(/^evt_/) as string,
    type: "realtime.call.incoming",
    created_at: expect.any(Number) as number,
    data: { call_id: "rtc_1", sip_headers: [{ name: "From", value: "sip:ann@example.com" }] },
  });
  await expect(client.webhooks.unwrap(`${body} `, headers)).rejects.toThrow(/signature/i);
  const old = signWebhook(event, secret, new Date(Date.now() - 3_600_000));
  await expect(client.webhooks.unwrap(old.body, old.headers)).rejects.toThrow(/too old/i);
});

it.each(["", "whsec_", "whsec_c2hvcnQ=", "0123456789abcdef0123456789abcdef"])("refuses the secret %j", (bad) => {
  expect(() => signWebhook(incomingCall("rtc_1", []), bad)).toThrow(/whsec_/);
});

/** A host's own transport, such as SIP, brings a call; the official package controls it. */
it("accept, reject, refer and hangup reach the call of another transport, of its own tenant only", async () => {
  const handler = testHandler({ authenticate: apiKeys(["sk-sip"], { tenant: "phone" }) });
  const log: unknown[] = [];
  const control: CallControl = {
    accept: (session) => void log.push(["accept", session.type, "instructions" in session && session.instructions]),
    reject: (status) => void log.push(["reject", status]),
    refer: (target) => void log.push(["refer", target]),
    hangup: () => void log.push(["hangup"]),
  };
  const call = handler.calls.add({ tenant: "phone", control });
  const foreign = handler.calls.add({ tenant: "other", control });
  onTestFinished(call.ended);
  const client = new OpenAI({
    apiKey: "sk-sip",
    baseURL: "http://x/v1",
    maxRetries: 0,
    fetch: (url, init) => handler.fetch(new Request(url as string, init as RequestInit)),
  });
  const { calls } = client.realtime;
  await calls.accept(call.id, { type: "realtime", instructions: "Be kind." });
  await calls.refer(call.id, { target_uri: "tel:+14155550123" });
  await calls.reject(call.id, { status_code: 486 });
  await calls.reject(call.id);
  await calls.hangup(call.id);
  expect(log).toEqual([
    ["accept", "realtime", "Be kind."],
    ["refer", "tel:+14155550123"],
    ["reject", 486],
    ["reject", 603],
    ["hangup"],
  ]);
  await expect(calls.hangup(foreign.id)).rejects.toMatchObject({ status: 404, code: "call_not_found" });
  await expect(calls.refer(call.id, { target_uri: "javascript:alert(1)" })).rejects.toMatchObject({
    status: 400,
    param: "target_uri",
  });
  await expect(calls.reject(call.id, { status_code: 200 })).rejects.toMatchObject({
    status: 400,
    param: "status_code",
  });
  await expect(calls.accept(call.id, { type: "realtime", nope: 1 } as never)).rejects.toMatchObject({
    status: 400,
    param: expect.stringContaining("nope") as string,
  });
  call.ended();
  await expect(calls.hangup(call.id)).rejects.toMatchObject({ status: 404 });
  expect(log).toHaveLength(5);
});
