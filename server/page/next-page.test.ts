import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Logger } from "../../lib/logger";
import { startNextPage, type Page } from "./next-page";

let page: Page;
let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await page.close();
});

/** A project whose `next build` is a script of ours. Returns the page's address and what was logged. */
async function start(build: string): Promise<{ url: string; logged: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), "antiphon-page-"));
  const bin = join(dir, "node_modules/next/dist/bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "next"), build);
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  page = startNextPage({ dir, dev: false, host: "127.0.0.1", port: 0, log });
  server = createServer((req, res) => page.handle(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logged };
}

const asBrowser = { headers: { accept: "text/html,*/*" } };

describe("the page, before it is there", () => {
  it("reloads itself while it is being built", async () => {
    const { url, logged } = await start("setInterval(() => {}, 1000)");
    const response = await fetch(url, asBrowser);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const html = await response.text();
    expect(html).toContain("The page is being built.");
    // On the body alone it leaves a dark window white.
    expect(html).toContain(":root{color-scheme:light dark");
    expect(html).toContain('<meta http-equiv="refresh" content="2">');
    const script = await fetch(`${url}/app.js`);
    expect([script.status, script.headers.get("content-type")]).toEqual([503, "text/plain; charset=utf-8"]);
    expect(logged).toEqual(["Building the page: the first start, or its sources changed. The API answers already."]);
  });

  it("says that it could not be built, and why in the log", async () => {
    const { url, logged } = await start('console.log("Module not found: x"); process.exitCode = 1');
    while (logged.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(logged[1]).toMatch(/There is no page: The page could not be built[^]*Module not found: x/);
    const response = await fetch(url, asBrowser);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, null]);
    const html = await response.text();
    expect(html).toContain("The page could not be built.");
    expect(html).not.toContain("http-equiv");
    expect(html).not.toContain("Module not found");
  });

  it("stops the build when the server closes, without a complaint", async () => {
    const { logged } = await start("setInterval(() => {}, 1000)");
    while (logged.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    await page.close();
    expect(logged).toHaveLength(1);
  });
});
