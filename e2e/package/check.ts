/**
 * The built package as its users get it: packed, installed into a project in plain JavaScript, mounted into Express, and
 * served by its command without and with a database. `npm run check:package` runs it after `npm run build:package`.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { findPostgres } from "../../lib/db/testing/postgres";
import { Project } from "./project";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ANTIPHON = "node_modules/.bin/antiphon";
/** The built-in responder does sums, so a right answer is one of its own. */
const QUESTION = "What is twelve times seven?";

async function step(title: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  console.log(`✓ ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** The tarball that would be published. */
function pack(project: Project): string {
  const answer = execFileSync("npm", ["pack", "--json", "--pack-destination", project.folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(answer) as [{ readonly filename: string }];
  return `./${packed.filename}`;
}

/** A package in the version that this repository is developed with. */
function asHere(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return `${name}@${version}`;
}

async function talk(project: Project, base: string, { key, ca }: { key: string; ca?: string }): Promise<void> {
  const env = ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca };
  assert.match(await project.run([process.execPath, "talk.mjs", base, key, QUESTION], env), /84.*\ncompleted\n$/);
}

async function mounts(project: Project, app: string): Promise<void> {
  const host = project.start([process.execPath, app]);
  const [, port = ""] = await host.printed(/Port (\d+)/);
  await talk(project, `http://127.0.0.1:${port}/v1`, { key: "sk-mine" });
  await host.stop();
}

async function serves(project: Project, env: Readonly<Record<string, string>>, keeps: RegExp): Promise<void> {
  const server = project.start([ANTIPHON, "serve"], { ...env, PORT: "0" });
  const { input: banner } = await server.printed(/Models .*\n/);
  assert.match(banner, keeps);
  const [, port = ""] = /API +http:\/\/localhost:(\d+)\/v1/.exec(banner) ?? [];
  const [, key = ""] = /Key +(sk-ap-\S+)/.exec(banner) ?? [];
  const [, ca = ""] = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(banner) ?? [];
  await talk(project, `https://localhost:${port}/v1`, { key, ca });
  assert.equal((await server.stop()).code, 0);
}

/** Decision 018: without the packages the start ends with the command that brings them; with them it records. */
async function servesWithDatabase(project: Project, server: string): Promise<void> {
  const name = `antiphon_package_${randomBytes(6).toString("hex")}`;
  const admin = postgres(server, { max: 1 });
  const url = new URL(server);
  url.pathname = `/${name}`;
  const env = { DATABASE_URL: url.href, DATA_DIR: ".data-database" };
  await admin`create database ${admin(name)}`;
  try {
    await step("antiphon serve with DATABASE_URL names the packages that it needs", async () => {
      const { code, err } = await project.fail([ANTIPHON, "serve"], { ...env, PORT: "0" });
      const [, missing = ""] = /npm install (.+)\n$/.exec(err) ?? [];
      assert.deepEqual([code, missing], [1, "postgres tarn drizzle-orm rate-limiter-flexible"]);
      await project.install(...missing.split(" "));
    });
    await step("antiphon serve with DATABASE_URL answers the SDK and records", async () => {
      await serves(project, env, /Keeps +.*PostgreSQL/);
      const own = postgres(url.href, { max: 1 });
      const sessions = await own`select status, preview from realtime_sessions`.finally(() => own.end());
      assert.deepEqual([...sessions], [{ status: "ended", preview: QUESTION }]);
    });
  } finally {
    await admin`drop database ${admin(name)} with (force)`;
    await admin.end();
  }
}

const project = await Project.make();
try {
  await step("packed and installed beside express and openai", () =>
    project.install(pack(project), asHere("express"), asHere("openai")),
  );
  await step("mounted into Express as an ES module", () => mounts(project, "express.mjs"));
  await step("mounted into Express by require", () => mounts(project, "express.cjs"));
  await step("antiphon serve answers the SDK, and keeps nothing", () => serves(project, {}, /Keeps +nothing/));
  const server = await findPostgres();
  if (server === null) console.log("- antiphon serve with DATABASE_URL: no PostgreSQL answers");
  else await servesWithDatabase(project, server);
} finally {
  await project.remove();
}
