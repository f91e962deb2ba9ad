/** From the switch to the sound: audio is kept because somebody wanted it, found again, heard, saved, and deleted. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { APIResponse, Page } from "@playwright/test";
import { decodeWav } from "../server/realtime/audio/wav";
import { accessibilityProblems } from "./fixtures/accessibility";
import { expect, SPOKEN_SECONDS, test } from "./fixtures/test";

/** Of 16 bits; what a fake microphone gives between two sentences is 0. */
const AUDIBLE = 300;

/** How loud the loudest second is. */
function loudness({ samples, sampleRate }: ReturnType<typeof decodeWav>): number {
  const loudest = (from: number): number => {
    const second = samples.subarray(from, from + sampleRate);
    return Math.sqrt(second.reduce((sum, sample) => sum + sample * sample, 0) / second.length);
  };
  const starts = Array.from({ length: Math.ceil(samples.length / sampleRate) }, (_, i) => i * sampleRate);
  return Math.max(...starts.map(loudest));
}

async function wavOf(answer: APIResponse): Promise<ReturnType<typeof decodeWav>> {
  expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "audio/wav"]);
  return decodeWav(await answer.body());
}

const seconds = (page: Page, side: "input" | "output"): Promise<number> =>
  page.locator(`audio[data-side=${side}]`).evaluate((sound: HTMLAudioElement) => sound.currentTime);

async function keepAudio(page: Page): Promise<void> {
  await page.goto("/settings");
  const keep = page.getByRole("switch", { name: "Keep audio" });
  await expect(keep).not.toBeChecked();
  await keep.click();
  const save = page.locator("form", { has: keep }).getByRole("button", { name: "Save" });
  await page.getByLabel("Days until audio goes").fill("30");
  await save.click();
  await expect(page.getByText("Saved. It holds for sessions that begin from now on.")).toBeVisible();
  await page.reload();
  await expect(keep).toBeChecked();
  await expect(page.getByLabel("Days until audio goes")).toHaveValue("30");
}

test("an agent is edited and spoken to; what was said is found, read, heard, saved and deleted", async ({
  page,
  playground,
  server,
}) => {
  test.setTimeout(180_000);
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await keepAudio(page);

  await page.goto("/agents");
  await page.getByRole("button", { name: "New agent" }).first().click();
  await page.getByLabel("Name").fill("Time keeper");
  await page.getByRole("button", { name: "Create it" }).click();
  await page.getByLabel("Instructions").fill("You tell the time.");
  await page.getByRole("button", { name: "Save as version 2" }).click();
  await expect(page.getByRole("button", { name: "Save as version 3" })).toBeDisabled();
  await page.getByRole("link", { name: "Open in the playground" }).click();
  await expect(page.getByRole("heading", { name: "Time keeper" })).toBeVisible();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await playground.show("Events");
  await playground.hold(SPOKEN_SECONDS);
  await expect(playground.event("response.output_audio.delta")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Speaking", { exact: true })).toBeHidden({ timeout: 30_000 });
  const words = await playground.heard();
  await page.getByRole("button", { name: "Disconnect" }).click();

  await page.goto("/sessions");
  await page.getByLabel("With", { exact: true }).selectOption("With audio");
  await expect(page).toHaveURL(/audio=true/);
  const row = page.getByRole("region", { name: "Sessions" }).getByRole("row").nth(1);
  await expect(async () => {
    await page.reload();
    await expect(row.getByRole("link")).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await row.getByRole("link").click();
  await expect(page.getByRole("region", { name: "Recording" })).toBeVisible();
  const id = page.url().split("/").at(-1) ?? "";
  const said = page.getByRole("list", { name: "Conversation" }).getByRole("listitem");
  if (words !== undefined) await expect(said.first()).toContainText(words);

  const [user, assistant] = [`/api/recordings/${id}/input`, `/api/recordings/${id}/output`];
  for (const path of [user, assistant])
    expect(loudness(await wavOf(await page.request.get(path)))).toBeGreaterThan(AUDIBLE);
  const part = await page.request.get(user, { headers: { range: "bytes=8-11" } });
  expect([part.status(), await part.text()]).toEqual([206, "WAVE"]);

  await page.getByRole("button", { name: "Play the recording" }).click();
  await expect.poll(() => seconds(page, "input")).toBeGreaterThan(0.3);
  const before = await seconds(page, "input");
  await expect.poll(() => seconds(page, "input")).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const position = page.getByRole("slider", { name: "Position in the recording" });
  await position.press("Home");
  await expect(position).toHaveAttribute("aria-valuenow", "0");
  expect([await seconds(page, "input"), await seconds(page, "output")]).toEqual([0, 0]);

  const reply = said.last();
  await reply.getByRole("button", { name: /^Play from/ }).click();
  await expect(reply).toHaveAttribute("aria-current", "true");
  await expect.poll(() => seconds(page, "output")).toBeGreaterThan(0.5);
  await expect(page.getByRole("button", { name: "Play the recording" })).toBeVisible({ timeout: 30_000 });
  await page.getByLabel("Speed").selectOption("2×");
  expect(
    await page
      .locator("audio[data-side]")
      .evaluateAll((all) => all.map((each) => (each as HTMLAudioElement).playbackRate)),
  ).toEqual([2, 2]);
  expect(await accessibilityProblems(page)).toEqual([]);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const exported = readFileSync(await (await downloading).path(), "utf8");
  expect(JSON.parse(exported)).toMatchObject({ format: "antiphon.session/1", session: { id, hasAudio: true } });
  expect(errors).toEqual([]);

  const files = (): string[] =>
    readdirSync(join(dirname(dirname(server.caFile)), "audio"), { recursive: true })
      .map(String)
      .filter((file) => file.includes(id));
  expect(files()).toHaveLength(2);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  expect((await page.request.get(user)).status()).toBe(404);
  await expect.poll(files).toEqual([]);
});
