import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { NAVIGATION } from "../app/lib/navigation";
import { accessibilityProblems } from "./fixtures/accessibility";
import { expectFinished } from "./fixtures/finished";
import { PlaygroundPage } from "./fixtures/playground-page";
import { startServer } from "./fixtures/server";
import { expect, SPOKEN_SECONDS, test } from "./fixtures/test";

const nobody = { cookies: [], origins: [] };

test.describe("the first start", () => {
  test.use({ storageState: nobody });

  test("leads from the address to a conversation, and the setup link is used up", async ({ browser }) => {
    test.setTimeout(150_000);
    const server = await startServer();
    const page = await browser.newPage({ baseURL: server.url, permissions: ["microphone"] });
    try {
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Make this server yours" })).toBeVisible();
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByLabel("Your name").fill("Ada");
      await page.getByLabel("E-mail").fill("ada@example.com");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Create the account" }).click();
      await expect(page.getByText("A password needs at least 8 characters.")).toBeVisible();
      await page.getByLabel("Password").fill("a good long password");
      await page.getByRole("button", { name: "Create the account" }).click();
      await page.waitForURL("**/playground");
      const playground = new PlaygroundPage(page);
      await playground.connect();
      await playground.say("What is 12 times 7?");
      await expect(playground.conversation.last()).toContainText(/84|eighty.?four/i);
      await page.goto("/setup");
      await expect(page).toHaveURL(`${server.url}/`);
    } finally {
      await page.close();
      await server.stop();
    }
  });
});

test("somebody is invited as a viewer, joins, and cannot change anything", async ({ page, browser, server }) => {
  await page.goto("/team");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.locator("[data-secret]").textContent();
  expect(link).toContain(`${server.url}/invite/`);

  const context = await browser.newContext({ baseURL: server.url, storageState: nobody });
  const guest = await context.newPage();
  await guest.goto(link ?? "");
  await expect(guest.getByText("You are invited as viewer.")).toBeVisible();
  await guest.getByLabel("Your name").fill("Vera");
  await guest.getByLabel("E-mail").fill("vera@example.com");
  await guest.getByLabel("Password").fill("another long password");
  await guest.getByRole("button", { name: "Create the account and join" }).click();
  await expect(guest.getByRole("heading", { name: "Overview" })).toBeVisible();

  for (const [path, button] of [
    ["/keys", "New key"],
    ["/agents", "New agent"],
    ["/tools", "New tool"],
    ["/tools?view=mcp", "New MCP server"],
    ["/webhooks", "New webhook"],
    ["/team", "Invite"],
  ] as const) {
    await guest.goto(path);
    await expect(guest.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(guest.getByRole("button", { name: button })).toHaveCount(0);
  }
  await guest.goto("/playground");
  await guest.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(guest.getByText("Your role does not allow talking")).toBeVisible();
  const forced = await guest.request.post("/api/trpc/keys.create", {
    headers: { origin: server.url },
    data: { json: { name: "stolen" } },
  });
  expect(forced.status()).toBe(403);
  await guest.goto(link ?? "");
  await expect(guest.getByRole("heading", { name: "This invitation no longer works" })).toBeVisible();
  await context.close();
});

test("a key that was made here opens a session with the official SDK", async ({ page, server }) => {
  await page.goto("/keys");
  await page.getByRole("button", { name: "New key" }).first().click();
  await page.getByLabel("Name").fill("Support line");
  await page.getByRole("button", { name: "Make the key" }).click();
  const apiKey = (await page.locator("[data-secret]").textContent()) ?? "";
  expect(apiKey).toMatch(/^sk-ap-/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByRole("region", { name: "API keys" })).toContainText("Support line");
  await expect(page.getByText(apiKey)).toHaveCount(0);

  const baseURL = `${server.url.replace("127.0.0.1", "localhost")}/v1`;
  const client = new OpenAI({ baseURL, apiKey });
  expect((await client.models.list()).data.map(({ id }) => id)).toContain("gpt-realtime");
  const options = { ca: readFileSync(server.caFile) };
  const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime", options }, client);
  const session = await new Promise((resolve, reject) => {
    realtime.on("session.created", resolve);
    realtime.on("error", reject);
  });
  expect(session).toMatchObject({ session: { type: "realtime" } });
  realtime.close();
});

test("an agent is made, changed, compared and spoken to", async ({ page, playground }) => {
  await page.goto("/agents");
  await page.getByRole("button", { name: "New agent" }).first().click();
  await page.getByLabel("Name").fill("Reception");
  await page.getByRole("button", { name: "Create it" }).click();
  await page.getByLabel("Instructions").fill("You answer the phone of a small hotel.");
  await page.getByLabel("What changed").fill("First words");
  await page.getByRole("button", { name: "Save as version 2" }).click();
  await expect(page.getByRole("button", { name: "Save as version 3" })).toBeDisabled();
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Changes" }).first().click();
  await expect(page.getByLabel("Changes").last()).toContainText("You answer the phone of a small hotel.");
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole("link", { name: "Open in the playground" }).click();
  await expect(page.getByRole("heading", { name: "Reception" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Instructions" })).toHaveValue(
    "You answer the phone of a small hotel.",
  );
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await playground.show("Events");
  await playground.hold(SPOKEN_SECONDS);
  // Only with a recogniser is there a reply to words.
  if ((await playground.heard()) !== undefined)
    await expect(playground.conversation.nth(1)).toContainText("until the reply began");

  // What was said there counts for the agent, as soon as it is written down.
  await expect(async () => {
    await page.goto("/usage?by=agent");
    await expect(page.getByRole("listitem").filter({ hasText: "Reception" })).toBeVisible({ timeout: 3_000 });
  }).toPass();
});

const PAGES = [...NAVIGATION.flatMap(({ places }) => places.map(({ href }) => href)), "/tools?view=mcp", "/account"];

test("every page is finished, in light and dark, wide and narrow", async ({ page }, testInfo) => {
  test.setTimeout(300_000);
  for (const path of PAGES) await expectFinished(page, path, testInfo);
});
