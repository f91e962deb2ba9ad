/** Tools that act, asked for by voice: a webhook that the server runs, and an MCP server's tool that somebody must approve. */
import type { Page } from "@playwright/test";
import { startMcpServer, type TestMcpServer } from "../server/providers/mcp/test-server";
import { accessibilityProblems } from "./fixtures/accessibility";
import { PlaygroundPage } from "./fixtures/playground-page";
import { expect, test } from "./fixtures/test";
import { startWeatherWebhook, type WeatherWebhook } from "./fixtures/webhook";

let webhook: WeatherWebhook;
let town: TestMcpServer;

test.beforeAll(async ({ server, ownerState, playwright }) => {
  webhook = await startWeatherWebhook();
  town = await startMcpServer();
  const request = await playwright.request.newContext({ baseURL: server.url, storageState: ownerState });
  const save = async (tool: object): Promise<void> => {
    const answer = await request.post("/api/trpc/tools.create", {
      data: { json: { description: "", parameters: {}, enabled: true, ...tool } },
      headers: { origin: server.url },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const weather = { name: "weather_report", description: "The weather of a city", kind: "webhook", parameters: city };
  await save({ ...weather, config: { url: webhook.url } });
  await save({ name: "cabs", kind: "mcp", config: { url: town.url, approval: "always" } });
  await request.dispose();
});
test.afterAll(async () => {
  await town.close();
  await webhook.close();
});

/** Opens the playground with a tool of the organisation's switched on. */
async function choose(page: Page, name: string): Promise<PlaygroundPage> {
  const playground = new PlaygroundPage(page);
  await page.goto("/playground");
  await page.getByRole("switch", { name, exact: true }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await playground.show("Events");
  return playground;
}

/** The microphone says `words`; what came of them shows whether they were understood. */
async function speak(playground: PlaygroundPage, words: string): Promise<void> {
  await playground.hold(5);
  // A machine without a recogniser is asked in writing.
  if ((await playground.heard()) === undefined) await playground.say(words);
}

test.describe("spoken", () => {
  // A recogniser that is installed here may take a word for another, now and then: the microphone's sound begins at
  // another sample each time. A retry has another browser, and another server.
  test.describe.configure({ retries: 2 });

  test("a spoken question is answered by a tool that the server runs", async ({ speaking }) => {
    const words = "what is the weather in venice";
    const page = await speaking(words);
    const playground = await choose(page, "weather_report");
    const before = webhook.asked.length;
    await speak(playground, words);
    const card = playground.conversation.filter({ hasText: "run by the server" });
    await expect(card).toContainText("Answered");
    await expect(card.getByLabel("Arguments of weather_report")).toContainText('"city": "Venice"');
    await expect(card.getByLabel("Answer of weather_report")).toContainText('"degrees": 21');
    await expect(card).toContainText(/\d m?s/);
    await expect(playground.conversation.last()).toContainText(/sunny.*21|21.*sunny|twenty.?one/i);
    expect(webhook.asked.slice(before)).toEqual([{ city: "Venice" }]);
    await expect(playground.event("error")).toHaveCount(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("a spoken order waits for approval, is carried out, and is told of", async ({ speaking }) => {
    const words = "could you order a taxi to the hotel";
    const page = await speaking(words);
    const playground = await choose(page, "cabs");
    await expect(playground.conversation.filter({ hasText: "MCP server" })).toContainText("5 tools");
    const before = town.called.length;
    await speak(playground, words);
    const card = playground.conversation.filter({ hasText: "of the MCP server cabs" });
    await expect(card).toContainText("Asks for approval");
    await expect(card.getByLabel("Arguments of order")).toContainText(/"to": "Hotel"/i);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(town.called).toHaveLength(before);

    const approve = card.getByRole("button", { name: "Approve" });
    await approve.focus();
    await page.keyboard.press("Enter");
    await expect(card).toContainText("You approved it");
    await expect(card.getByLabel("Output of order")).toContainText(/taxi to hotel is on its way/i);
    await expect(card).toContainText("Done");
    await expect(playground.conversation.last()).toContainText(/taxi to hotel is on its way/i);
    expect(town.called.slice(before)).toEqual(["order"]);
    await expect(playground.event("error")).toHaveCount(0);

    await playground.say("Order a taxi to the airport");
    const second = playground.conversation.filter({ hasText: "of the MCP server cabs" }).last();
    await second.getByRole("textbox", { name: "Reason" }).fill("too dear");
    await page.keyboard.press("Enter");
    await expect(second).toContainText("Declined");
    await expect(playground.conversation.last()).toContainText(/was not approved: too dear/i);
    expect(town.called.slice(before)).toEqual(["order"]);
  });
});

test("what the page can do itself is done when it is asked for", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  const playground = await choose(page, "set_theme");
  await playground.say("Switch to the dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const card = playground.conversation.filter({ hasText: "answered by this page" });
  await expect(card).toContainText("Answered");
  await expect(playground.event("response.done")).toHaveCount(2);
});
