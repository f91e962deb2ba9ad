import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "drizzle-kit";
import { databaseFolder } from "./lib/db/place";

const common = {
  dialect: "postgresql",
  schema: "./lib/db/schema/index.ts",
  out: "./drizzle",
  // As in lib/db/client.ts: one without the other makes queries for columns that are not there.
  casing: "snake_case",
} as const;

const url = process.env["DATABASE_URL"];
const folder = databaseFolder(process.env["DATA_DIR"] ?? ".data");
if (url === undefined && process.argv.includes("studio") && existsSync(join(folder, "lock")))
  throw new Error(`The database under ${folder} is in use: stop the server first.`);

export default url === undefined
  ? defineConfig({ ...common, driver: "pglite", dbCredentials: { url: join(folder, "pg") } })
  : defineConfig({ ...common, dbCredentials: { url } });
