/** The doors of the app, as people go through them: by letters that really come, and by a provider on a real port. */
import { type OpenIdServer, startOpenIdServer } from "../server/auth/testing/openid-server";
import { type Mailbox, startMailbox } from "../server/mail/testing/mailbox";
import { accessibilityProblems } from "./fixtures/accessibility";
import { expectFinished, THEMES } from "./fixtures/finished";
import { OWNER, type RunningServer, startServer } from "./fixtures/server";
import { signIn } from "./fixtures/sign-in";
import { expect, test as base } from "./fixtures/test";

const nobody = { cookies: [], origins: [] };

interface Outside {
  readonly mailbox: Mailbox;
  readonly openid: OpenIdServer;
  readonly server: RunningServer;
}

const test = base.extend<object, Outside>({
  mailbox: [
    async ({}, use) => {
      const mailbox = await startMailbox();
      await use(mailbox);
      await mailbox.close();
    },
    { scope: "worker" },
  ],
  openid: [
    async ({}, use) => {
      const openid = await startOpenIdServer();
      await use(openid);
      await openid.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ mailbox, openid }, use) => {
      const server = await startServer((url) => ({
        ANTIPHON_OWNER_EMAIL: OWNER.email,
        ANTIPHON_OWNER_PASSWORD: OWNER.password,
        SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
        PUBLIC_URL: url,
        OIDC_ISSUER: openid.provider.issuer,
        OIDC_CLIENT_ID: "antiphon",
        OIDC_CLIENT_SECRET: "a secret of the tests",
        OIDC_NAME: "Example login",
        SIGN_UP: "open",
      }));
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
});

test.use({ storageState: nobody });

test("an invitation comes by letter, and its reader joins", async ({ page, browser, server, mailbox }) => {
  const owner = await browser.newContext({ baseURL: server.url, storageState: await signIn(page.request, OWNER) });
  const team = await owner.newPage();
  await team.goto("/team");
  await team.getByRole("button", { name: "Invite" }).click();
  await team.getByLabel("Role").selectOption("developer");
  await team.getByLabel("E-mail").fill("dora@example.com");
  await team.getByRole("button", { name: "Make the invitation" }).click();
  await expect(team.getByText("The invitation is on its way to dora@example.com.")).toBeVisible();
  await owner.close();

  await page.context().clearCookies();
  await page.goto(await mailbox.linkTo("dora@example.com"));
  await page.getByLabel("Your name").fill("Dora");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create the account and join" }).click();
  await expect(page.getByText("A password needs at least 8 characters.")).toBeVisible();
  await page.getByLabel("Password").fill("a long password of Dora");
  await page.getByRole("button", { name: "Create the account and join" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("a forgotten password is changed by the letter's link, which works once", async ({ page, mailbox }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Your e-mail").fill(OWNER.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a link is on its way")).toBeVisible();

  const link = await mailbox.linkTo(OWNER.email);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("A password needs at least 8 characters.")).toBeVisible();
  await page.getByLabel("Password").fill("an entirely new password");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByRole("heading", { name: "Your password is changed" })).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).click();

  for (const [password, seen] of [
    [OWNER.password, page.getByText("No account has this e-mail and password.")],
    ["an entirely new password", page.getByRole("heading", { name: "Overview" })],
  ] as const) {
    await page.getByLabel("E-mail", { exact: true }).fill(OWNER.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(seen).toBeVisible();
  }
  await page.goto(link);
  await page.getByLabel("Password").fill("a third password");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("This link was used or has expired.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask for a new one" })).toBeVisible();
});

test("a letter's link signs in, by a press, once", async ({ page, mailbox }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail a sign-in link to").fill("lena@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  const link = await mailbox.linkTo("lena@example.com");
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "You are in no team yet" })).toBeVisible();
  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
});

test("somebody comes by a provider, sees that they are in no team, and makes one", async ({ page, openid }) => {
  openid.provider.claims = { sub: "olga", email: "olga@example.com", email_verified: true, name: "Olga" };
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Example login" }).click();
  await expect(page.getByRole("heading", { name: "You are in no team yet" })).toBeVisible();
  await expect(page.getByText("olga@example.com")).toBeVisible();
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await page.getByLabel("Or begin your own").fill("Olga's voices");
  await page.getByRole("button", { name: "Make the organisation" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Organisation: Olga's voices" })).toBeVisible();
});

test("a provider that vouches for no address lets nobody in, and says why", async ({ page, openid }) => {
  openid.provider.claims = { sub: "mallory", email: OWNER.email, email_verified: false };
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Example login" }).click();
  await expect(page.getByRole("alert").getByText("no verified e-mail address")).toBeVisible();
});

test("every door is finished, in light and dark, wide and narrow", async ({ page }, testInfo) => {
  test.setTimeout(180_000);
  for (const path of ["/sign-in", "/sign-in?error=OAuthCallback", "/forgot", "/reset/x", "/link/x", "/invite/x"])
    await expectFinished(page, path, testInfo);
});

test("a mail server that is down is told of, whoever asks", async ({ page, mailbox }) => {
  await mailbox.close();
  for (const email of [OWNER.email, "nobody@example.com"]) {
    await page.goto("/forgot");
    await page.getByLabel("Your e-mail").fill(email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByText("The mail server does not answer, so nothing was sent.")).toBeVisible();
  }
});
