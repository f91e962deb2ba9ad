/** The tool library: a developer registers, lists, tries; a viewer looks. Everything that is called is real. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { startMcpServer } from "../server/providers/mcp/test-server";
import { accessibilityProblems } from "./fixtures/accessibility";
import { colleague } from "./fixtures/colleague";
import { expect, test } from "./fixtures/test";

test("a developer registers an MCP server, lists its tools, chooses what agents get, and tries one", async ({
  playwright,
  server,
  ownerState,
  browser,
}) => {
  const town = await startMcpServer({ key: "token-of-the-town" });
  const storageState = await colleague({ playwright, server, ownerState }, "developer");
  const page = await browser.newPage({ baseURL: server.url, storageState });
  try {
    await page.goto("/tools?view=mcp");
    await expect(page.getByText("No MCP servers yet")).toBeVisible();
    await page.getByRole("button", { name: "New MCP server" }).first().click();
    await page.getByLabel("Label").fill("town hall");
    await page.getByLabel("What it is for").fill("Everything about the town.");
    await page.getByLabel("Address").fill("http://10.0.0.1/mcp");
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Add a header" }).click();
    await page.getByLabel("Name of header 1").fill("x-tenant");
    await page.getByLabel("Value of header 1").fill("secret-of-the-tenant");
    const create = page.getByRole("button", { name: "Create and connect" });
    await create.click();
    await expect(page.getByText("A name has up to 64 letters")).toBeVisible();
    await page.getByLabel("Label").fill("town");
    await create.click();
    await expect(page.getByText("lies in a private network")).toBeVisible();
    await page.getByLabel("Address").fill(town.url);
    await create.click();
    await expect(page.getByRole("heading", { name: "town", level: 1 })).toBeVisible();
    await expect(page.getByText("refused the key it was given (401)")).toBeVisible();

    await page.getByRole("button", { name: "Edit town" }).click();
    await page.getByRole("textbox", { name: /^Token/ }).fill("token-of-the-town");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Connect and list tools" }).click();
    const tools = page.getByRole("list", { name: "Tools of the server" });
    await expect(tools.getByRole("listitem")).toHaveCount(5);
    await expect(page.getByText("answers", { exact: true })).toBeVisible();
    expect(town.requests.at(-1)).toMatchObject({ "x-tenant": "secret-of-the-tenant" });
    expect(await page.content()).not.toMatch(/secret-of-the-tenant|token-of-the-town/);
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.getByLabel("When weather is called").selectOption("called at once");
    await expect(page.getByText("The rules are saved.").first()).toBeVisible();
    await page.getByLabel("When huge is called").selectOption("not for agents");
    await expect(page.getByLabel("When huge is called")).toHaveValue("withheld");
    await page.reload();
    await expect(page.getByLabel("When weather is called")).toHaveValue("free");
    await expect(page.getByLabel("When order is called")).toHaveValue("asks");
    await expect(page.getByLabel("When huge is called")).toHaveValue("withheld");

    await page.getByRole("button", { name: "Try weather" }).click();
    const dialog = page.getByRole("dialog", { name: "weather" });
    await expect(dialog.getByText('"city": "example"')).toBeVisible();
    await dialog.getByRole("button", { name: "Run it" }).click();
    await expect(dialog.getByRole("region", { name: "Result" })).toContainText("Sunny in example.");
    await replaceJson(page, '{ "city": 7 }');
    await dialog.getByRole("button", { name: "Run it" }).click();
    await expect(dialog.getByText("city must be string")).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
  } finally {
    await page.close();
    await town.close();
  }
});

test("a developer makes a webhook tool and tries it; a viewer sees it and cannot", async ({
  playwright,
  server,
  ownerState,
  browser,
}) => {
  const asked: IncomingHttpHeaders[] = [];
  const hook = createServer((req, res) => {
    asked.push(req.headers);
    void req.toArray().then((chunks) => {
      const { data } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { data: { arguments: object } };
      res.setHeader("content-type", "application/json").end(JSON.stringify({ heard: data.arguments }));
    });
  }).listen(0, "127.0.0.1");
  await once(hook, "listening");
  const developer = await colleague({ playwright, server, ownerState }, "developer");
  const page = await browser.newPage({ baseURL: server.url, storageState: developer });
  const viewer = await colleague({ playwright, server, ownerState }, "viewer");
  const guest = await browser.newPage({ baseURL: server.url, storageState: viewer });
  try {
    await page.goto("/tools");
    await page.getByRole("button", { name: "New tool" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("find_table");
    await page.getByLabel("Answered by").selectOption("A server of yours");
    await page.getByLabel("When to call it").fill("Finds a free table.");
    await page.getByLabel("Address").fill(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/`);
    await page.getByRole("button", { name: "Create it" }).click();
    expect(await page.locator("[data-secret]").textContent()).toMatch(/^whsec_/);
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("link", { name: "find_table" }).click();
    await expect(page.getByRole("heading", { name: "find_table", level: 1 })).toBeVisible();
    await page.getByRole("button", { name: "Run it" }).click();
    const result = page.getByRole("region", { name: "Result" });
    await expect(result).toContainText("HTTP 200");
    await expect(result).toContainText('"city": "example"');
    expect(asked.at(-1)?.["webhook-signature"]).toMatch(/^v1,/);
    await replaceJson(page, "{}");
    await page.getByRole("button", { name: "Run it" }).click();
    await expect(page.getByText("must have required property 'city'")).toBeVisible();
    expect(asked).toHaveLength(1);
    expect(await accessibilityProblems(page)).toEqual([]);
    const url = new URL(page.url());
    const id = url.searchParams.get("tool");

    await guest.goto(url.href);
    await expect(guest.getByRole("heading", { name: "find_table", level: 1 })).toBeVisible();
    for (const name of ["Run it", "Edit find_table", "Delete find_table", "New secret for find_table"])
      await expect(guest.getByRole("button", { name })).toHaveCount(0);
    await guest.goto("/tools?view=mcp");
    await expect(guest.getByRole("heading", { name: "MCP servers", level: 1 })).toBeVisible();
    await expect(guest.getByRole("button", { name: "New MCP server" })).toHaveCount(0);
    const forced = await guest.request.post("/api/trpc/tools.run", {
      headers: { origin: server.url },
      data: { json: { id, arguments: { city: "Oslo" } } },
    });
    expect(forced.status()).toBe(403);
    expect(asked).toHaveLength(1);
  } finally {
    await page.close();
    await guest.close();
    hook.closeAllConnections();
    hook.close();
  }
});

/** In the editor of the arguments. */
async function replaceJson(page: Page, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Arguments" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
  await expect(editor).toHaveText(text);
}
