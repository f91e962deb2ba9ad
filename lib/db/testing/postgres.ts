/** The PostgreSQL that tests use, where one answers. */
import postgres from "postgres";

const POSTGRES_URL = process.env["TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** Null: none answers. */
export async function findPostgres(): Promise<string | null> {
  const client = postgres(POSTGRES_URL, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await client`select 1`;
    return POSTGRES_URL;
  } catch {
    return null;
  } finally {
    await client.end({ timeout: 1 });
  }
}
