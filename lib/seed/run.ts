/** `npm run db:seed`: a demo organisation with an owner to log in as, agents, a tool, a key and a month of history. */
import { randomBytes, randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { and, eq } from "drizzle-orm";
import { createPasswordHasher } from "../auth/passwords";
import { scopesOf } from "../auth/roles";
import { EnvError, loadEnv } from "../env";
import { newId } from "../ids";
import { createSealer } from "../seal";
import { createAgent } from "../services/agents/create";
import type { ServiceContext, Services } from "../services/context";
import { createKey } from "../services/keys/create";
import { setPrice } from "../services/prices/set";
import { idleRunner } from "../services/tools/runner";
import type { Transaction } from "../db/client";
import { DatabaseStartError } from "../db/errors";
import { openDatabase } from "../db/open";
import { databaseFolder } from "../db/place";
import { memberships, organisations, usage, users } from "../db/schema/index";
import { addSession, MODEL, type SeedSums } from "./session";
import { TALKS } from "./talks";
import { addTools } from "./tools";

const DAYS = 30;

try {
  const env = loadEnv();
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const db = await openDatabase({ url: env.storage.databaseUrl, dataDir: databaseFolder(env.dataDir), root });
  const passwords = createPasswordHasher();
  const password = randomBytes(9).toString("base64url");
  const email = `demo-${randomBytes(3).toString("hex")}@example.com`;
  const org = newId("organisation");
  const userId = newId("user");
  const passwordHash = await passwords.hash(password);
  await db.system(async (tx) => {
    await tx.insert(organisations).values({ id: org, name: "Demo", slug: `demo-${randomBytes(3).toString("hex")}` });
    await tx.insert(users).values({ id: userId, email, name: "Demo", passwordHash, emailVerifiedAt: new Date() });
    await tx.insert(memberships).values({ orgId: org, userId, role: "owner" });
  });
  // Nothing here is called, and no secret outlives the script.
  const services: Services = {
    db,
    passwords,
    seal: createSealer(randomBytes(32).toString("hex")),
    tools: idleRunner("The seeds run nothing."),
    outbound: { fetch: () => Promise.reject(new Error("The seeds call nobody.")), check: () => Promise.resolve() },
  };
  const actor = { type: "user", id: userId, name: email } as const;
  const ctx: ServiceContext = { ...services, org, actor, role: "owner", scopes: scopesOf("owner") };
  const { key } = await fill(ctx);
  await passwords.close();
  await db.close();
  process.stdout.write(`Log in as ${email} with the password ${password}. The demo's API key is ${key}\n`);
} catch (error) {
  if (!(error instanceof DatabaseStartError) && !(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function fill(ctx: ServiceContext): Promise<{ readonly key: string }> {
  await setPrice({
    ctx,
    input: {
      model: MODEL,
      inputText: 4_000_000,
      inputAudio: 32_000_000,
      outputText: 16_000_000,
      outputAudio: 64_000_000,
    },
  });
  const tool = await addTools(ctx);
  const returns = await createAgent({
    ctx,
    input: {
      name: "Returns",
      description: "Takes back what does not fit.",
      config: { instructions: "You arrange returns for a small shop. Ask for the number of the order." },
    },
  });
  const desk = await createAgent({
    ctx,
    input: {
      name: "Front desk",
      description: "Answers the phone of a shop.",
      config: {
        instructions: "You answer for {{shop}}. Be brief and friendly.",
        variables: { shop: "a small shop" },
        tools: [tool],
        handoffs: [returns.id],
        limits: { minutesPerDay: 60, concurrentSessions: 10 },
      },
    },
  });
  const made = await createKey({ ctx, input: { name: "Website" } });
  await ctx.db.tenant(ctx.org, async (tx) => {
    for (let day = DAYS; day >= 0; day -= 1)
      for (let n = randomInt(2, 9); n > 0; n -= 1) {
        const startedAt = new Date(Date.now() - day * 864e5 - randomInt(1, 60 * 60 * 8) * 1000);
        const talk = TALKS[randomInt(TALKS.length)] ?? { lines: [] };
        const agentId = [desk.id, desk.id, returns.id, null][n % 4] ?? null;
        const sums = await addSession(tx, { orgId: ctx.org, keyId: made.id, agentId, startedAt, talk });
        const date = startedAt.toISOString().slice(0, 10);
        const row = { orgId: ctx.org, day: date, keyId: made.id, agentId: agentId ?? "", model: MODEL };
        await addUsage(tx, row, sums);
      }
  });
  return { key: made.key };
}

async function addUsage(
  tx: Transaction,
  row: { orgId: string; day: string; keyId: string; agentId: string; model: string },
  sums: SeedSums,
): Promise<void> {
  const where = and(
    eq(usage.orgId, row.orgId),
    eq(usage.day, row.day),
    eq(usage.keyId, row.keyId),
    eq(usage.agentId, row.agentId),
    eq(usage.model, row.model),
  );
  const [known] = await tx.select().from(usage).where(where);
  if (!known) {
    await tx.insert(usage).values({ ...row, ...sums });
    return;
  }
  const added = Object.fromEntries(
    Object.entries(sums).map(([name, value]) => [name, value + Number(Reflect.get(known, name))]),
  );
  await tx.update(usage).set(added).where(where);
}
