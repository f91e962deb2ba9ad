import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openDataDir } from "../data-dir";
import { serverCertificate } from "../tls/certificates";
import { createMail, type Mail, type MailOptions } from "./mail";
import { type Mailbox, startMailbox } from "./testing/mailbox";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const opened: { close(): unknown }[] = [];
let tls: { key: Buffer | string; cert: Buffer | string };
let caFile: string;

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "antiphon-mail-"));
  await openDataDir(dataDir);
  const made = await serverCertificate({ mode: "generated" }, { dataDir, host: "127.0.0.1" });
  if (made === undefined) throw new Error("No certificate was made.");
  tls = { key: made.key, cert: made.cert };
  caFile = made.caFile ?? "";
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  vi.clearAllMocks();
});

async function mailbox(options?: Parameters<typeof startMailbox>[0]): Promise<Mailbox> {
  const box = await startMailbox(options);
  opened.unshift(box);
  return box;
}

function mail(smtpUrl: string | undefined, options: Partial<MailOptions> = {}): Mail {
  const made = createMail({
    smtpUrl,
    from: "antiphon <bot@example.com>",
    log,
    retryMs: [],
    patienceMs: 5_000,
    ...options,
  });
  opened.unshift(made);
  return made;
}

const to = "ada@example.com";
const by = { user: { name: "Bob", email: "bob@example.com" }, organisation: { name: "Acme\r\nBcc: all@example.com" } };
const invitation = { link: "https://voice.example/invite/abc", by };

describe("letters", () => {
  it("come from whom the operator says, with their link whole, and cannot be given other headers", async () => {
    const box = await mailbox();
    const sender = mail(`smtp://127.0.0.1:${box.port}`);
    expect([sender.enabled, await sender.answers()]).toEqual([true, true]);
    expect(await sender.invitation(to, invitation)).toBe(true);
    expect(await box.linkTo(to)).toBe(invitation.link);
    expect(box.letters[0]?.raw).toMatch(/^From: antiphon <bot@example.com>\r$/m);
    expect(box.letters[0]?.raw.split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/m);
    expect(box.letters[0]?.to).toEqual([to]);
    const long = `https://voice.example/reset/${"a".repeat(43)}`;
    sender.passwordReset("reset@example.com", long);
    sender.signInLink("link@example.com", `${long}=`);
    expect(await box.linkTo("reset@example.com")).toBe(long);
    expect(await box.linkTo("link@example.com")).toBe(`${long}=`);
  });

  it("are not sent without a way to send them", async () => {
    const sender = mail(undefined);
    expect([sender.enabled, await sender.answers(), await sender.invitation(to, invitation)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("are tried again where the mail server has said to come later, until it takes them", async () => {
    let tries = 0;
    const box = await mailbox({
      onRcptTo: (_address, _session, done) =>
        done(++tries < 3 ? Object.assign(new Error("greylisted"), { responseCode: 450 }) : undefined),
    });
    mail(`smtp://127.0.0.1:${box.port}`, { retryMs: [1, 1, 1] }).passwordReset(to, "https://voice.example/reset/x");
    expect(await box.linkTo(to)).toBe("https://voice.example/reset/x");
    expect(tries).toBe(3);
    expect(log.warn).toHaveBeenCalledTimes(2);
    expect(log.error).not.toHaveBeenCalled();
  });

  it("are given up where it has said no for good, and the log says so without the link", async () => {
    const box = await mailbox({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error("nobody"), { responseCode: 550 })),
    });
    mail(`smtp://127.0.0.1:${box.port}`, { retryMs: [1] }).signInLink(to, "https://voice.example/link/hidden");
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledOnce(), { timeout: 20_000 });
    expect(log.warn).not.toHaveBeenCalled();
    expect(JSON.stringify(log.error.mock.calls)).not.toContain("hidden");
  });

  it("that still wait when the server ends are counted in the log", async () => {
    const sender = mail("smtp://127.0.0.1:1", { retryMs: [600_000] });
    sender.passwordReset(to, "https://voice.example/reset/x");
    await vi.waitFor(() => expect(log.warn).toHaveBeenCalledOnce(), { timeout: 20_000 });
    sender.close();
    expect(log.warn).toHaveBeenLastCalledWith("1 e-mails were not sent before the server ended.");
  });
});

describe("a mail server that cannot be used", () => {
  it("is told of: nothing listens", async () => {
    const sender = mail("smtp://127.0.0.1:1");
    expect([await sender.answers(), await sender.invitation(to, invitation)]).toEqual([false, false]);
    expect(log.error).toHaveBeenCalledTimes(2);
  });

  it("is told of: it takes the call and never speaks", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    opened.push({ close: () => silent.close() });
    const { port } = silent.address() as { port: number };
    const sender = mail(`smtp://127.0.0.1:${port}`, { patienceMs: 50 });
    expect(await sender.answers()).toBe(false);
  });

  it("is told of: it does not know the password, which the log does not show", async () => {
    const box = await mailbox({ ...tls, onAuth: (_auth, _session, done) => done(new Error("wrong password")) });
    const url = `smtp://bot:hidden-password@127.0.0.1:${box.port}?tls.rejectUnauthorized=false`;
    expect(await mail(url).answers()).toBe(false);
    expect(JSON.stringify(log.error.mock.calls)).not.toContain("hidden-password");
  });
});

describe("TLS", () => {
  const accept: Parameters<typeof startMailbox>[0] = { onAuth: (_auth, _session, done) => done(null, { user: "bot" }) };

  it("is there from the first byte with smtps, and its certificate is held against those that are trusted", async () => {
    const box = await mailbox({ ...accept, ...tls, secure: true });
    const url = `smtps://bot:secret@127.0.0.1:${box.port}`;
    expect(await mail(url).answers()).toBe(false);
    expect(await mail(`${url}?tls.rejectUnauthorized=false`).answers()).toBe(true);
    const ca = encodeURIComponent(readFileSync(caFile, "utf8"));
    expect(await mail(`${url}?tls.ca=${ca}`).answers()).toBe(true);
  });

  it("is begun before a password is sent, which goes over no bare line unless the operator says so", async () => {
    const asked: string[] = [];
    const bare = await mailbox({
      allowInsecureAuth: true,
      onAuth: ({ username = "" }, _session, done) => (asked.push(username), done(null, { user: username })),
    });
    const url = `smtp://bot:secret@127.0.0.1:${bare.port}`;
    expect(await mail(url).answers()).toBe(false);
    expect(asked).toEqual([]);
    expect(await mail(`${url}?requireTLS=false`).answers()).toBe(true);
    expect(asked).toEqual(["bot"]);
    const encrypted = await mailbox({ ...accept, ...tls });
    const upgraded = `smtp://bot:secret@127.0.0.1:${encrypted.port}?tls.rejectUnauthorized=false`;
    expect(await mail(upgraded).answers()).toBe(true);
  });
});
