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
import { createTool } from "../services/tools/create";
import type { Transaction } from "../db/client";
import { DatabaseStartError } from "../db/errors";
import { openDatabase } from "../db/open";
import { databaseFolder } from "../db/place";
import {
  conversations,
  items,
  memberships,
  organisations,
  realtimeSessions,
  responses,
  usage,
  users,
} from "../db/schema/index";

const DAYS = 30;
const MODEL = "antiphon";
const TALKS: readonly (readonly string[])[] = [
  [
    "Hi, where is my order?",
    "It left our warehouse yesterday and arrives on Friday.",
    "Great, thank you.",
    "You are welcome.",
  ],
  [
    "Can I change my appointment to Tuesday?",
    "Tuesday at ten or at half past two is free.",
    "Half past two, please.",
    "Done: Tuesday at half past two.",
  ],
  ["What is the weather in Lisbon?", "It is sunny there, with twenty four degrees."],
  [
    "I would like to return a pair of shoes.",
    "Gladly. Were they worn outside?",
    "No, they are too small.",
    "Then I am sending you a label by e-mail.",
  ],
  ["Do you speak German?", "Ja, natürlich. Womit kann ich helfen?", "Just testing.", "Alles klar. Anything else?"],
];

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
  // Nothing here is called, and no secret outlives the script: the tool is the client's own.
  const services: Services = {
    db,
    passwords,
    seal: createSealer(randomBytes(32).toString("hex")),
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
  const parameters = { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] };
  const description = "Looks an order up by its number.";
  const tool = await createTool({ ctx, input: { kind: "client", name: "find_order", description, parameters } });
  await createAgent({
    ctx,
    input: {
      name: "Front desk",
      description: "Answers the phone of a shop.",
      config: { instructions: "You answer for a small shop. Be brief and friendly.", tools: [tool.id] },
    },
  });
  const made = await createKey({ ctx, input: { name: "Website" } });
  await ctx.db.tenant(ctx.org, async (tx) => {
    for (let day = DAYS; day >= 0; day -= 1)
      for (let n = randomInt(2, 9); n > 0; n -= 1) await addSession(tx, ctx.org, { day, keyId: made.id });
  });
  return { key: made.key };
}

async function addSession(tx: Transaction, orgId: string, when: { day: number; keyId: string }): Promise<void> {
  const talk = TALKS[randomInt(TALKS.length)] ?? [];
  const startedAt = new Date(Date.now() - when.day * 864e5 - randomInt(1, 60 * 60 * 8) * 1000);
  const durationMs = talk.length * 4_000 + randomInt(3_000);
  const endedAt = new Date(startedAt.getTime() + durationMs);
  const sessionId = `sess_${randomBytes(16).toString("base64url")}`;
  const answers = Math.floor(talk.length / 2);
  const tokens = {
    inputAudioTokens: answers * 30,
    inputTextTokens: answers * 60,
    outputAudioTokens: answers * 50,
    outputTextTokens: answers * 14,
  };
  const costMicros =
    tokens.inputAudioTokens * 32 +
    tokens.inputTextTokens * 4 +
    tokens.outputAudioTokens * 64 +
    tokens.outputTextTokens * 16;
  const inputTokens = tokens.inputAudioTokens + tokens.inputTextTokens;
  const outputTokens = tokens.outputAudioTokens + tokens.outputTextTokens;
  const heard = 250 + randomInt(400);
  await tx.insert(realtimeSessions).values({
    ...{ id: sessionId, orgId, keyId: when.keyId, model: MODEL, transport: "websocket", status: "ended" as const },
    ...{ startedAt, endedAt, seenAt: endedAt, endCode: 1000, durationMs, items: talk.length, responses: answers },
    ...{ inputTokens, outputTokens, costMicros, heardMs: heard, preview: talk[0] ?? null },
  });
  await tx.insert(conversations).values({ id: sessionId.replace("sess_", "conv_"), orgId, sessionId });
  await tx.insert(items).values(
    talk.map((transcript, index) => {
      const role = index % 2 === 0 ? "user" : "assistant";
      const type = role === "user" ? "input_audio" : "output_audio";
      const content = { type: "message", role, status: "completed", content: [{ type, transcript }] };
      const atMs = index * 4_000 + 800;
      return {
        sessionId,
        id: `item_${index + 1}`,
        orgId,
        position: index + 1,
        type: "message",
        role,
        status: "completed",
        content,
        transcript,
        atMs,
        doneMs: atMs + 2_000,
      };
    }),
  );
  await tx.insert(responses).values(
    Array.from({ length: answers }, (_, index) => {
      const stopped = index * 8_000 + 3_800;
      return {
        ...{
          id: newId("message").replace("msg", "resp"),
          orgId,
          sessionId,
          model: MODEL,
          status: "completed",
          at: startedAt,
        },
        ...{
          inputTokens: inputTokens / answers,
          outputTokens: outputTokens / answers,
          costMicros: Math.round(costMicros / answers),
        },
        ...{ speechStoppedMs: stopped, transcribedMs: stopped + heard * 0.3, createdMs: stopped + 2 },
        ...{
          firstTokenMs: stopped + heard * 0.6,
          firstAudioMs: stopped + heard,
          doneMs: stopped + heard + 2_000,
          heardMs: heard,
        },
      };
    }),
  );
  const row = { orgId, day: startedAt.toISOString().slice(0, 10), keyId: when.keyId, model: MODEL };
  const sums = { sessions: 1, responses: answers, durationMs, ...tokens, costMicros };
  await addUsage(tx, row, sums);
}

async function addUsage(
  tx: Transaction,
  row: { orgId: string; day: string; keyId: string; model: string },
  sums: Record<string, number>,
): Promise<void> {
  const where = and(
    eq(usage.orgId, row.orgId),
    eq(usage.day, row.day),
    eq(usage.keyId, row.keyId),
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
