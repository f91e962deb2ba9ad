import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { clientSecrets } from "../../lib/db/schema/index";
import { describeDatabase } from "../../lib/db/testing/database";
import { createSealer } from "../../lib/seal";
import { seedMember, seedServices } from "../../lib/services/testing/seed";
import type { StoredSecret } from "../realtime/door/secrets";
import { databaseSecretStore } from "./secret-store";

const gate = { prepare: async () => undefined };

describeDatabase("client secrets", (db) => {
  it("keep the session that they open sealed, with the keys to MCP servers in it", async () => {
    const services = seedServices(db());
    const { org } = await seedMember(services);
    const secret: StoredSecret = {
      hash: randomBytes(32).toString("hex"),
      expiresAt: Date.now() + 60_000,
      grant: {
        tenant: org,
        keyId: "key_1",
        session: {
          type: "realtime",
          instructions: "Keep this to yourself.",
          tools: [
            {
              type: "mcp",
              server_label: "town",
              server_url: "https://mcp.example.com",
              authorization: "token-of-the-town",
              headers: { "x-key": "key-of-the-gate" },
            },
          ],
        },
      },
      origins: ["https://app.example.com"],
      singleUse: true,
    };
    const store = databaseSecretStore(services, gate);
    await store.save(secret);
    const [row] = await db().system((tx) => tx.select().from(clientSecrets).where(eq(clientSecrets.hash, secret.hash)));
    expect(JSON.stringify(row)).not.toMatch(/token-of-the-town|key-of-the-gate|Keep this/);
    expect(row).toMatchObject({ orgId: org, keyId: "key_1" });
    expect(await store.find(secret.hash)).toEqual(secret);
    const other = databaseSecretStore({ ...services, seal: createSealer("another secret of the tests") }, gate);
    expect(await other.find(secret.hash)).toBeUndefined();
  });
});
