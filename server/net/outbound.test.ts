import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { parseOutboundAllow } from "../../lib/outbound-allow";
import { createOutbound, type Outbound, type OutboundOptions } from "./outbound";
import { OutboundError } from "./outbound-error";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function allow(list: string) {
  return parseOutboundAllow(list, (problem) => {
    throw new Error(problem);
  });
}

function outbound(options: OutboundOptions = {}): Outbound {
  const made = createOutbound(options);
  closers.push(() => made.close());
  return made;
}

/** A real server on loopback; `port` is free. */
async function serve(listener: RequestListener, host = "127.0.0.1"): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  server.listen(0, host);
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error("it went through"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw error;
  return error.code;
}

const named = (address: string, family = 4) => ({ lookup: async () => [{ address, family }] });

describe("addresses that are refused", () => {
  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:db8::1]/",
    "file:///etc/passwd",
    "ftp://example.com/",
    "https://user:secret@example.com/",
    "not a url",
  ])("%s", async (url) => {
    const guard = outbound(named("93.184.215.14"));
    expect(await codeOf(guard.fetch(url))).toBe("refused");
    expect(await codeOf(guard.check(url))).toBe("refused");
  });

  it("by name, when any of its addresses lies inside", async () => {
    const lookup = async () => [
      { address: "93.184.215.14", family: 4 },
      { address: "::ffff:10.0.0.8", family: 6 },
    ];
    expect(await codeOf(outbound({ lookup }).fetch("http://tricky.example/"))).toBe("refused");
  });

  it("names the host, never the address that it led to", async () => {
    const error = await outbound(named("10.9.8.7"))
      .fetch("http://inside.example/")
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining("inside.example") });
    expect(String(error)).not.toContain("10.9.8.7");
  });

  it("a name that changes its address after it was checked", async () => {
    const { port } = await serve((_req, res) => res.end("secret of the inside"));
    const answers = ["93.184.215.14", "127.0.0.1"];
    const lookup = async () => [{ address: answers.shift() ?? "127.0.0.1", family: 4 }];
    const guard = outbound({ lookup });
    await guard.check(`http://rebinding.example:${port}/`);
    expect(await codeOf(guard.fetch(`http://rebinding.example:${port}/`))).toBe("refused");
  });
});

describe("addresses that are allowed", () => {
  it("public ones pass the check", async () => {
    await outbound(named("93.184.215.14")).check("https://example.com/hook");
    await outbound(named("2606:4700::1111", 6)).check("https://example.com/hook");
    await outbound(named("64:ff9b::5db8:d70e", 6)).check("https://example.com/hook");
  });

  it.each(["127.0.0.0/8", "127.0.0.1", "LOCALHOST, hook.test.", "::1/128,127.0.0.1/32"])("with %s", async (list) => {
    const { port } = await serve((_req, res) => res.end("hello"));
    const host = list.includes("hook") ? "hook.test" : "127.0.0.1";
    const guard = outbound({ ...named("127.0.0.1"), allow: allow(list.replace("hook.test.", "hook.test")) });
    expect(await (await guard.fetch(`http://${host}:${port}/`)).text()).toBe("hello");
  });

  it("goes to the address that was looked up, and says the name to the server", async () => {
    let seen: IncomingMessage["headers"] = {};
    const { port } = await serve((req, res) => {
      seen = req.headers;
      res.end("ok");
    });
    const guard = outbound({ ...named("127.0.0.1"), allow: allow("127.0.0.1") });
    await (await guard.fetch(`http://nowhere.invalid:${port}/`)).text();
    expect(seen.host).toBe(`nowhere.invalid:${port}`);
  });

  it("refuses entries that are neither hosts nor networks", () => {
    const problems: string[] = [];
    parseOutboundAllow("10.0.0.0/99, http://x, 300.1.1.1, *.internal", (problem) => problems.push(problem));
    expect(problems).toHaveLength(4);
  });
});

describe("redirects", () => {
  const local = { allow: allow("127.0.0.1") };

  it("are an error unless asked for", async () => {
    const { port } = await serve((_req, res) => res.writeHead(302, { location: "/elsewhere" }).end());
    expect(await codeOf(outbound(local).fetch(`http://127.0.0.1:${port}/`))).toBe("redirect");
  });

  it("to the inside are refused", async () => {
    const inside = await serve((_req, res) => res.end("secret"), "127.0.0.2");
    const { port } = await serve((_req, res) =>
      res.writeHead(307, { location: `http://127.0.0.2:${inside.port}/` }).end(),
    );
    expect(await codeOf(outbound({ ...local, maxRedirects: 3 }).fetch(`http://127.0.0.1:${port}/`))).toBe("refused");
  });

  it("end when they go round", async () => {
    const { port } = await serve((_req, res) => res.writeHead(302, { location: "/" }).end());
    expect(await codeOf(outbound({ ...local, maxRedirects: 3 }).fetch(`http://127.0.0.1:${port}/`))).toBe("redirect");
  });

  it("keep method, body and credentials on the same origin, and no credentials on another", async () => {
    const seen: { path: string; authorization: string | undefined; signature: unknown; body: string }[] = [];
    const listener: RequestListener = (req, res) => {
      let body = "";
      req.on("data", (chunk: Buffer) => (body += chunk.toString()));
      req.on("end", () => answer(req, res, body));
    };
    const answer = (req: IncomingMessage, res: ServerResponse, body: string): void => {
      const { authorization, "webhook-signature": signature } = req.headers;
      seen.push({ path: `${req.method} ${req.url}`, authorization, signature, body });
      if (req.url === "/first") res.writeHead(308, { location: "/second" }).end();
      else if (req.url === "/second") res.writeHead(307, { location: `http://127.0.0.1:${other.port}/third` }).end();
      else res.end("done");
    };
    const { port } = await serve(listener);
    const other = await serve(listener);
    const last = await outbound({ ...local, maxRedirects: 5 }).fetch(`http://127.0.0.1:${port}/first`, {
      method: "POST",
      headers: { authorization: "Bearer secret", "webhook-signature": "v1,abc", "content-type": "application/json" },
      body: '{"a":1}',
    });
    expect(await last.text()).toBe("done");
    expect(seen).toEqual([
      { path: "POST /first", authorization: "Bearer secret", signature: "v1,abc", body: '{"a":1}' },
      { path: "POST /second", authorization: "Bearer secret", signature: "v1,abc", body: '{"a":1}' },
      { path: "POST /third", authorization: undefined, signature: undefined, body: '{"a":1}' },
    ]);
  });
});

describe("bounds", () => {
  const local = { allow: allow("127.0.0.1") };

  it("an answer that says it is too large", async () => {
    const { port } = await serve((_req, res) => res.writeHead(200, { "content-length": "5000" }).end("x".repeat(5000)));
    expect(await codeOf(outbound({ ...local, maxBytes: 1000 }).fetch(`http://127.0.0.1:${port}/`))).toBe("too_large");
  });

  it("an answer that grows too large, packed or not", async () => {
    const packed = gzipSync(Buffer.alloc(4_000_000));
    const { port } = await serve((req, res) => {
      if (req.url === "/packed") res.writeHead(200, { "content-encoding": "gzip" }).end(packed);
      else {
        res.write("x".repeat(600));
        res.end("x".repeat(600));
      }
    });
    const guard = outbound({ ...local, maxBytes: 1000 });
    expect(await codeOf((await guard.fetch(`http://127.0.0.1:${port}/plain`)).text())).toBe("too_large");
    const big = outbound({ ...local, maxBytes: 100_000 });
    expect(await codeOf((await big.fetch(`http://127.0.0.1:${port}/packed`)).text())).toBe("too_large");
  });

  it("a server that never answers, and one that never ends", async () => {
    const { port } = await serve((req, res) => {
      if (req.url === "/drip") res.write("x");
    });
    const guard = outbound({ ...local, timeoutMs: 80 });
    expect(await codeOf(guard.fetch(`http://127.0.0.1:${port}/silent`))).toBe("timeout");
    expect(await codeOf(guard.fetch(`http://127.0.0.1:${port}/drip`).then((answer) => answer.text()))).toBe("timeout");
  });

  it("a caller that has enough", async () => {
    const { port } = await serve(() => undefined);
    const abort = new AbortController();
    const waiting = outbound(local).fetch(`http://127.0.0.1:${port}/`, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("a port where nobody listens, a name that nobody knows", async () => {
    const { server, port } = await serve(() => undefined);
    server.close();
    expect(await codeOf(outbound(local).fetch(`http://127.0.0.1:${port}/`))).toBe("unreachable");
    const lookup = async () => {
      throw new Error("ENOTFOUND");
    };
    expect(await codeOf(outbound({ lookup }).fetch("http://nobody.example/"))).toBe("unreachable");
  });
});
