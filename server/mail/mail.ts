/** The few e-mails that the server sends. What cannot be sent now is tried again for a while, then logged. */
import nodemailer from "nodemailer";
import type { Logger } from "../../lib/logger";
import * as letters from "./letters";

export interface Mail {
  /** Whether there is a way to send any. */
  readonly enabled: boolean;
  /** Whether the mail server takes letters just now. */
  answers(): Promise<boolean>;
  /** False where it could not be sent; it is not tried again, for whoever invites sees the link. */
  invitation(to: string, invitation: letters.Invitation): Promise<boolean>;
  passwordReset(to: string, link: string): void;
  signInLink(to: string, link: string): void;
  close(): void;
}

export interface MailOptions {
  /** For example `smtps://user:password@mail.example:465`. Undefined: nothing is sent. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
  readonly log: Logger;
  /** Milliseconds before each further attempt. Default: 2 s, 15 s, 1 min and 5 min: greylisting ends within minutes. */
  readonly retryMs?: readonly number[];
  /** Milliseconds that the mail server may take for one step. Default: 10,000. */
  readonly patienceMs?: number;
}

const RETRY_MS = [2_000, 15_000, 60_000, 300_000];
const PATIENCE_MS = 10_000;

export function createMail({ smtpUrl, from, log, retryMs = RETRY_MS, patienceMs = PATIENCE_MS }: MailOptions): Mail {
  const transport =
    smtpUrl === undefined ? undefined : nodemailer.createTransport(completed(smtpUrl, patienceMs), { from });
  const waiting = new Set<NodeJS.Timeout>();
  const attempt = async (letter: letters.Letter): Promise<unknown> =>
    transport?.sendMail(letter).then(
      () => undefined,
      (error: unknown) => error,
    );
  const send = async (letter: letters.Letter, further: readonly number[]): Promise<void> => {
    const error = await attempt(letter);
    if (error === undefined) return;
    const [next, ...rest] = further;
    if (next === undefined || isFinal(error)) {
      log.error(`An e-mail ("${letter.subject}") could not be sent.`, error);
      return;
    }
    log.warn(`An e-mail ("${letter.subject}") could not be sent; it is tried again in ${next / 1000} s.`, error);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      void send(letter, rest);
    }, next).unref();
    waiting.add(timer);
  };
  return {
    enabled: transport !== undefined,
    answers: async () => {
      const error = await transport?.verify().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) log.error("The mail server cannot be used.", error);
      return transport !== undefined && error === undefined;
    },
    invitation: async (to, invitation) => {
      const letter = letters.invitation(to, invitation);
      const error = await attempt(letter);
      if (error !== undefined) log.error(`An e-mail ("${letter.subject}") could not be sent.`, error);
      return transport !== undefined && error === undefined;
    },
    passwordReset: (to, link) => void send(letters.passwordReset(to, link), retryMs),
    signInLink: (to, link) => void send(letters.signInLink(to, link), retryMs),
    close: () => {
      for (const timer of waiting) clearTimeout(timer);
      if (waiting.size > 0) log.warn(`${waiting.size} e-mails were not sent before the server ended.`);
      transport?.close();
    },
  };
}

/** The operator's URL with what it leaves open: nobody waits for minutes, and no password goes over a bare line. */
function completed(smtpUrl: string, patienceMs: number): string {
  const url = new URL(smtpUrl);
  const byDefault = {
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    dnsTimeout: patienceMs,
    socketTimeout: 2 * patienceMs,
    ...(url.protocol === "smtp:" && url.username !== "" && { requireTLS: true }),
  };
  for (const [name, value] of Object.entries(byDefault))
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(value));
  return url.href;
}

/** Whether the mail server has said no for good: a code from 500 on. */
function isFinal(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : undefined;
  return typeof code === "number" && code >= 500;
}
