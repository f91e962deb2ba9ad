/** What the server's e-mails say. */

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Invitation {
  readonly link: string;
  readonly by: {
    readonly user: { readonly name: string; readonly email: string };
    readonly organisation: { readonly name: string };
  };
}

const UNEXPECTED = "If you do not expect this, you need not do anything.";
const UNASKED = "If you did not ask for it, you need not do anything.";

export function invitation(to: string, { link, by: { user, organisation } }: Invitation): Letter {
  const who = user.name || user.email;
  return {
    to,
    subject: `Join ${organisation.name} on antiphon`,
    text: `${who} invites you to ${organisation.name} on antiphon.\n\nJoin here: ${link}\n\n${UNEXPECTED}\n`,
  };
}

export function passwordReset(to: string, link: string): Letter {
  return {
    to,
    subject: "A new password for antiphon",
    text: `Choose a new password here: ${link}\n\nThe link works once, for an hour. ${UNASKED}\n`,
  };
}

export function signInLink(to: string, link: string): Letter {
  return {
    to,
    subject: "Sign in to antiphon",
    text: `Sign in here: ${link}\n\nThe link works once, for 20 minutes. ${UNASKED}\n`,
  };
}
