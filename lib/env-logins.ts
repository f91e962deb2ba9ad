/** The part of the environment that says how people log in, and how e-mail is sent. */
import { z } from "zod";

const url = z.url({ protocol: /^https?$/, error: "must be a URL like https://login.example.com" }).optional();
const text = z.string().optional();

export const loginVariables = {
  GITHUB_CLIENT_ID: text,
  GITHUB_CLIENT_SECRET: text,
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  OIDC_ISSUER: url,
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
  OIDC_NAME: z.string().default("single sign-on"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be a URL like smtps://user:password@mail.example.com" })
    .optional(),
  SMTP_FROM: z.string().default("antiphon <antiphon@localhost>"),
};

/** Variables whose values are never shown. */
export const LOGIN_SECRETS = /^(\w+_CLIENT_SECRET|SMTP_URL)$/;

interface OAuthEnv {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface LoginsEnv {
  /** Providers that are set up. */
  readonly logins: {
    readonly github?: OAuthEnv;
    readonly google?: OAuthEnv;
    readonly oidc?: OAuthEnv & { readonly issuer: string; readonly name: string };
  };
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string };
}

type Given = Readonly<Record<string, string | undefined>>;

const GROUPS = [
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
] as const;

/** What no single variable shows. */
export function loginConflicts(given: Given): string[] {
  return GROUPS.flatMap((names) => {
    const missing = names.filter((name) => given[name] === undefined);
    return missing.length === 0 || missing.length === names.length
      ? []
      : [`${names.join(" and ")} belong together: set ${missing.join(" and ")} too, or none of them`];
  });
}

type Data = z.output<z.ZodObject<typeof loginVariables>>;

export function toLoginsEnv(data: Data): LoginsEnv {
  const github = oauth(data.GITHUB_CLIENT_ID, data.GITHUB_CLIENT_SECRET);
  const google = oauth(data.GOOGLE_CLIENT_ID, data.GOOGLE_CLIENT_SECRET);
  const oidc = oauth(data.OIDC_CLIENT_ID, data.OIDC_CLIENT_SECRET);
  return {
    logins: {
      ...(github && { github }),
      ...(google && { google }),
      ...(oidc &&
        data.OIDC_ISSUER !== undefined && { oidc: { ...oidc, issuer: data.OIDC_ISSUER, name: data.OIDC_NAME } }),
    },
    mail: { smtpUrl: data.SMTP_URL, from: data.SMTP_FROM },
  };
}

function oauth(clientId: string | undefined, clientSecret: string | undefined): OAuthEnv | undefined {
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}
