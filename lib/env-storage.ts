/** The part of the environment that says where things are kept. */
import { z } from "zod";

const URL_OF_POSTGRES = "must be a URL like postgres://user:password@host:5432/database";
const URL_OF_REDIS = "must be a URL like redis://127.0.0.1:6379";

const parsed = (value: string, protocols: readonly string[]): boolean => {
  try {
    return protocols.includes(new URL(value).protocol);
  } catch {
    return false;
  }
};

export const storageVariables = {
  DATABASE_URL: z
    .string()
    .refine((value) => parsed(value, ["postgres:", "postgresql:"]), URL_OF_POSTGRES)
    .optional(),
  REDIS_URL: z
    .string()
    .refine((value) => parsed(value, ["redis:", "rediss:"]), URL_OF_REDIS)
    .optional(),
  ANTIPHON_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  ANTIPHON_OWNER_EMAIL: z.email("must be an e-mail address").optional(),
  ANTIPHON_OWNER_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be a URL like https://s3.example.com" }).optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default("us-east-1"),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
};

/** Variables whose values are never shown. */
export const STORAGE_SECRETS = /^(DATABASE_URL|REDIS_URL|ANTIPHON_SECRET|ANTIPHON_OWNER_PASSWORD|S3_SECRET_KEY)$/;

export interface S3Env {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface StorageEnv {
  /** Undefined: the embedded database under DATA_DIR. */
  readonly databaseUrl: string | undefined;
  /** Undefined: limits are counted in this process. */
  readonly redisUrl: string | undefined;
  /** What secrets in the database are sealed with. Undefined: one is made and kept in DATA_DIR. */
  readonly secret: string | undefined;
  /** The first owner of an unattended install. */
  readonly owner: { readonly email: string; readonly password: string } | undefined;
  /** Where recorded audio goes. Undefined: DATA_DIR. */
  readonly s3: S3Env | undefined;
}

type Given = Readonly<Record<string, string | undefined>>;
const S3 = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"] as const;

/** What no single variable shows. */
export function storageConflicts(given: Given): string[] {
  const problems: string[] = [];
  const [email, password] = [given["ANTIPHON_OWNER_EMAIL"], given["ANTIPHON_OWNER_PASSWORD"]];
  if ((email === undefined) !== (password === undefined))
    problems.push("ANTIPHON_OWNER_EMAIL and ANTIPHON_OWNER_PASSWORD belong together: set both, or neither");
  const missing = S3.filter((name) => given[name] === undefined);
  if (missing.length > 0 && missing.length < S3.length)
    problems.push(`An S3 bucket needs ${missing.join(", ")} too: set all four, or none`);
  return problems;
}

type Data = z.output<z.ZodObject<typeof storageVariables>>;

export function toStorageEnv(data: Data): StorageEnv {
  const { ANTIPHON_OWNER_EMAIL: email, ANTIPHON_OWNER_PASSWORD: password } = data;
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = data;
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    secret: data.ANTIPHON_SECRET,
    owner: email !== undefined && password !== undefined ? { email, password } : undefined,
    s3:
      endpoint !== undefined && bucket !== undefined && accessKey !== undefined && secretKey !== undefined
        ? { endpoint, bucket, region: data.S3_REGION, accessKey, secretKey }
        : undefined,
  };
}
