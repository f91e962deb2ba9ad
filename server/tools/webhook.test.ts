import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { parseOutboundAllow } from "../../lib/outbound-allow";
import { createOutbound, type OutboundOptions } from "../net/outbound";
import { runTool } from "../realtime/tools/run-tool";
import { webhookTool, type WebhookToolOptions } from "./webhook";

interface Heard {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real receiver on loopback. */
async function receive(answer: (res: ServerResponse, nth: number) => void) {
  const heard: Heard[] = [];
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => (body += chunk.toString()));
    req.on("end", () => {
      heard.push({ headers: req.headers, body });
      answer(res, heard.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const allow = parseOutboundAllow("127.0.0.1", () => undefined);

function run(options: Partial<WebhookToolOptions> & { url: string }, guard: OutboundOptions = { allow }) {
  const outbound = createOutbound(guard);
  closers.push(() => outbound.close());
  const tool = webhookTool({ name: "book", fetch: outbound.fetch, ...options });
  const context = { sessionId: "sess_1", callId: "call_1", tenant: "acme" };
  return runTool({ tool, args: { seats: 2 }, context, signal: new AbortController().signal });
}

const json = (value: unknown) => (res: ServerResponse) =>
  res.setHeader("content-type", "application/json; charset=utf-8").end(JSON.stringify(value));

describe("webhook tools", () => {
  it("post a call, signed as Standard Webhooks has it, and tell the answer", async () => {
    const { url, heard } = await receive(json({ table: 7 }));
    const key = Buffer.from("a key of 24 bytes or more");
    const outcome = await run({ url, secret: `whsec_${key.toString("base64")}` });
    expect(outcome).toEqual({ ok: true, output: '{"table":7}' });
    const [{ headers, body } = { headers: {}, body: "" }] = heard;
    expect(JSON.parse(body)).toMatchObject({
      type: "tool.call",
      data: { tool: "book", arguments: { seats: 2 }, call_id: "call_1", session_id: "sess_1", tenant: "acme" },
    });
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    expect(Math.abs(Number(headers["webhook-timestamp"]) - Date.now() / 1000)).toBeLessThan(60);
  });

  it("take plain text and nothing at all", async () => {
    const plain = await receive((res) => res.end("Table 7."));
    expect((await run(plain)).output).toBe("Table 7.");
    const nothing = await receive((res) => res.writeHead(204).end());
    expect((await run(nothing)).ok).toBe(true);
  });

  it.each([404, 500])("tell the model of a %i, without what stood in it", async (status) => {
    const { url, heard } = await receive((res) => res.writeHead(status).end("stack of the inside"));
    expect(await run({ url })).toMatchObject({
      ok: false,
      output: `{"error":"The tool's server answered ${status}."}`,
    });
    expect(heard).toHaveLength(1);
  });

  it("try again only what is idempotent, with the same id", async () => {
    const flaky = await receive((res, nth) => (nth < 3 ? res.writeHead(503).end() : json("at last")(res)));
    expect(await run({ url: flaky.url, idempotent: true })).toEqual({ ok: true, output: "at last" });
    expect(new Set(flaky.heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const refused = await receive((res) => res.writeHead(422).end());
    expect((await run({ url: refused.url, idempotent: true })).ok).toBe(false);
    expect(refused.heard).toHaveLength(1);
  });

  it("end in time, repeats included", async () => {
    const { url } = await receive(() => undefined);
    const outcome = await run({ url, idempotent: true, timeoutMs: 60 });
    expect(outcome.output).toContain("no answer within 60 ms");
  });

  it("do not follow a redirect to the inside", async () => {
    const inside = await receive((res) => res.end("secret"));
    const { url } = await receive((res) => res.writeHead(307, { location: inside.url }).end());
    expect((await run({ url })).output).toContain("redirects elsewhere");
    expect(inside.heard).toEqual([]);
  });

  it("do not call a private address, nor read more than they may", async () => {
    const { url, heard } = await receive((res) => res.end("x".repeat(5_000)));
    expect((await run({ url }, {})).output).toContain("private network");
    expect(heard).toEqual([]);
    expect((await run({ url }, { allow, maxBytes: 1_000 })).output).toContain("larger than 1000 bytes");
  });

  it("say that broken JSON is broken", async () => {
    const { url } = await receive((res) => res.setHeader("content-type", "application/json").end("{"));
    expect((await run({ url })).output).toContain("broken JSON");
  });
});
