/** The few e-mails that the server sends. Nobody waits for a mailbox: what cannot be sent is logged. */
import nodemailer from "nodemailer";
import type { Logger } from "../../lib/logger";

export interface Inviter {
  readonly user: { readonly name: string; readonly email: string };
  readonly organisation: { readonly name: string };
}

export interface Mail {
  /** Whether there is a way to send any. */
  readonly enabled: boolean;
  /** False where it could not be sent. */
  invitation(to: string, invitation: { readonly link: string; readonly by: Inviter }): Promise<boolean>;
  passwordReset(to: string, link: string): void;
  signInLink(to: string, link: string): void;
  close(): void;
}

export interface MailOptions {
  /** For example `smtps://user:password@mail.example:465`. Undefined: nothing is sent. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
  readonly log: Logger;
}

interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export function createMail({ smtpUrl, from, log }: MailOptions): Mail {
  const transport = smtpUrl === undefined ? undefined : nodemailer.createTransport(smtpUrl);
  const send = async (letter: Letter): Promise<boolean> => {
    if (transport === undefined) return false;
    try {
      await transport.sendMail({ from, ...letter });
      return true;
    } catch (error) {
      log.error("An e-mail could not be sent.", error);
      return false;
    }
  };
  return {
    enabled: transport !== undefined,
    invitation: (to, { link, by }) =>
      send({
        to,
        subject: `Join ${by.organisation.name} on antiphon`,
        text: `${by.user.name || by.user.email} invites you to ${by.organisation.name} on antiphon.\n\nJoin here: ${link}\n\nIf you do not expect this, you need not do anything.\n`,
      }),
    passwordReset: (to, link) =>
      void send({
        to,
        subject: "A new password for antiphon",
        text: `Choose a new password here: ${link}\n\nThe link works once, for an hour. If you did not ask for it, you need not do anything.\n`,
      }),
    signInLink: (to, link) =>
      void send({
        to,
        subject: "Sign in to antiphon",
        text: `Sign in here: ${link}\n\nThe link works once, for 20 minutes. If you did not ask for it, you need not do anything.\n`,
      }),
    close: () => transport?.close(),
  };
}
