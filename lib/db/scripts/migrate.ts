/** `npm run db:migrate`: what every start does by itself, for those who want it done before. */
import { fileURLToPath } from "node:url";
import { EnvError, loadEnv } from "../../env";
import { DatabaseStartError } from "../errors";
import { openDatabase } from "../open";
import { databaseFolder } from "../place";

try {
  const env = loadEnv();
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const db = await openDatabase({ url: env.storage.databaseUrl, dataDir: databaseFolder(env.dataDir), root });
  await db.close();
  process.stdout.write(`The ${db.kind} database is up to date.\n`);
} catch (error) {
  if (!(error instanceof DatabaseStartError) && !(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
