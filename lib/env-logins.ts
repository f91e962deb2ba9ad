/** The part of the environment that says how people log in, and how e-mail is sent. */
import { z } from "zod";

/** Who may make an account by a provider or an e-mail link, and then an organisation. */
const SIGN_UPS = ["invited", "open"] as const;
export type SignUp = (typeof SIGN_UPS)[number];

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
  OIDC_TRUST_EMAIL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["on", "off"], "must be on (addresses count as verified) or off (only where the provider says so)"))
    .default("off"),
  SIGN_UP: z
    .string()
    .toLowerCase()
    .pipe(z.enum(SIGN_UPS, "must be invited (people join by invitation) or open (strangers may make organisations)"))
    .default("invited"),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be a URL like https://voice.example.com" }).optional(),
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
    readonly oidc?: OAuthEnv & { readonly issuer: string; readonly name: string; readonly trustEmail: boolean };
  };
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string };
  readonly signUp: SignUp;
  /** Where links in letters lead, without a slash at the end. */
  readonly publicUrl: string | undefined;
}

type Given = Readonly<Record<string, string | undefined>>;

const GROUPS = [
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
] as const;

/** What no single variable shows. */
export function loginConflicts(given: Given): string[] {
  // Whoever asks for a letter may lie about the host, and its reader would follow the link there.
  const letters = given["SMTP_URL"] !== undefined && given["PUBLIC_URL"] === undefined;
  const problems = letters ? ["SMTP_URL needs PUBLIC_URL too: links in e-mails lead there"] : [];
  const incomplete = GROUPS.flatMap((names) => {
    const missing = names.filter((name) => given[name] === undefined);
    return missing.length === 0 || missing.length === names.length
      ? []
      : [`${names.join(" and ")} belong together: set ${missing.join(" and ")} too, or none of them`];
  });
  return [...problems, ...incomplete];
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
        data.OIDC_ISSUER !== undefined && {
          oidc: {
            ...oidc,
            issuer: data.OIDC_ISSUER,
            name: data.OIDC_NAME,
            trustEmail: data.OIDC_TRUST_EMAIL === "on",
          },
        }),
    },
    mail: { smtpUrl: data.SMTP_URL, from: data.SMTP_FROM },
    signUp: data.SIGN_UP,
    publicUrl: data.PUBLIC_URL?.replace(/\/+$/, ""),
  };
}

function oauth(clientId: string | undefined, clientSecret: string | undefined): OAuthEnv | undefined {
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}
