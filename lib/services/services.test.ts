import { describe, expect, it } from "vitest";
import { ROLES, roleMay, SCOPES, scopesOf } from "../auth/roles";
import { describeDatabase } from "../db/testing/database";
import * as services from "./index";
import type { Service } from "./service";
import { seedMember, seedServices } from "./testing/seed";

const all = Object.values(services) as unknown as Service<never, unknown>[];

describe("the services", () => {
  it("have names of their own, and rights that somebody has", () => {
    expect(new Set(all.map(({ serviceName }) => serviceName)).size).toBe(all.length);
    for (const { scope } of all) expect(SCOPES).toContain(scope);
    for (const scope of SCOPES) expect(roleMay("owner", scope)).toBe(true);
  });

  it("let viewers change nothing, except their own membership", () => {
    const open = all.filter(({ kind, scope }) => kind === "mutation" && scopesOf("viewer").has(scope));
    expect(open.map(({ serviceName }) => serviceName)).toEqual(["team.leave"]);
  });
});

describeDatabase("every service", (db) => {
  it("refuses every role that lacks its right, before it looks at anything", async () => {
    const seeded = seedServices(db());
    for (const role of ROLES) {
      const ctx = await seedMember(seeded, { role });
      for (const service of all.filter(({ scope }) => !scopesOf(role).has(scope)))
        await expect(service({ ctx, input: {} as never })).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("refuses input that it does not know", async () => {
    const ctx = await seedMember(seedServices(db()));
    for (const service of all)
      await expect(service({ ctx, input: { surprise: 1 } as never })).rejects.toMatchObject({ code: "invalid" });
  });
});
