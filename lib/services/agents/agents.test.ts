import { expect, it } from "vitest";
import { describeDatabase } from "../../db/testing/database";
import { seedMember, seedServices } from "../testing/seed";
import { createTool } from "../tools/create";
import { getTool } from "../tools/get";
import { listTools } from "../tools/list";
import { removeTool } from "../tools/remove";
import { rotateToolSecret } from "../tools/rotate-secret";
import { updateTool } from "../tools/update";
import { archiveAgent } from "./archive";
import { createAgent } from "./create";
import { getAgent } from "./get";
import { listAgents } from "./list";
import { listAgentVersions } from "./list-versions";
import { restoreAgent } from "./restore";
import { saveAgent } from "./save";

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

describeDatabase("agents", (db) => {
  it("keep every save as a version, and restore one as a copy", async () => {
    const ctx = await seedMember(seedServices(db()));
    const { id } = await createAgent({ ctx, input: { name: "Ada", config: { instructions: "One." } } });
    await saveAgent({
      ctx,
      input: { id, name: "Ada", config: { instructions: "Two.", voice: "kal" }, note: "louder" },
    });
    expect(await restoreAgent({ ctx, input: { id, version: 1 } })).toEqual({ id, version: 3 });
    const versions = await listAgentVersions({ ctx, input: { id } });
    expect(versions.map(({ version, config }) => [version, config.instructions])).toEqual([
      [3, "One."],
      [2, "Two."],
      [1, "One."],
    ]);
    expect(await listAgentVersions({ ctx, input: { id, before: 2 } })).toHaveLength(1);
    expect(await getAgent({ ctx, input: { id, version: 2 } })).toMatchObject({
      version: 2,
      latestVersion: 3,
      config: { voice: "kal" },
      note: "louder",
      savedBy: ctx.user.id,
    });
    await expect(getAgent({ ctx, input: { id, version: 9 } })).rejects.toMatchObject({ code: "not_found" });
    expect(await listAgents({ ctx, input: undefined })).toMatchObject([{ id, name: "Ada", version: 3 }]);
  });

  it("lose no save of two that come at once, and refuse one over somebody else's", async () => {
    const ctx = await seedMember(seedServices(db()));
    const { id } = await createAgent({ ctx, input: { name: "Ada", config: {} } });
    const save = (basedOn?: number) => saveAgent({ ctx, input: { id, name: "Ada", config: {}, basedOn } });
    const saved = await Promise.all([save(), save(), save()]);
    expect(saved.map(({ version }) => version).sort()).toEqual([2, 3, 4]);
    await expect(save(2)).rejects.toMatchObject({ code: "conflict" });
  });

  it("name the field that is wrong", async () => {
    const ctx = await seedMember(seedServices(db()));
    const create = (config: object) => createAgent({ ctx, input: { name: "Ada", config } });
    await expect(create({ speed: 9 })).rejects.toMatchObject({ code: "invalid", field: "config.speed" });
    await expect(create({ tools: ["tool_none"] })).rejects.toMatchObject({ field: "config.tools.0" });
    await expect(create({ handoffs: ["agent_none"] })).rejects.toMatchObject({ field: "config.handoffs.0" });
    await expect(create({ turnDetection: { type: "server_vad", threshold: 2 } })).rejects.toMatchObject({
      field: "config.turnDetection.threshold",
    });
  });

  it("of others look like none, and so do archived ones", async () => {
    const mine = await seedMember(seedServices(db()));
    const theirs = await seedMember(seedServices(db()));
    const { id } = await createAgent({ ctx: mine, input: { name: "Mine", config: {} } });
    const input = { id };
    for (const act of [
      () => getAgent({ ctx: theirs, input }),
      () => saveAgent({ ctx: theirs, input: { id, name: "x", config: {} } }),
      () => restoreAgent({ ctx: theirs, input: { id, version: 1 } }),
    ])
      await expect(act()).rejects.toMatchObject({ code: "not_found" });
    const handoff = createAgent({ ctx: theirs, input: { name: "x", config: { handoffs: [id] } } });
    await expect(handoff).rejects.toMatchObject({ field: "config.handoffs.0" });
    await archiveAgent({ ctx: mine, input: { id } });
    await expect(getAgent({ ctx: mine, input: { id } })).rejects.toMatchObject({ code: "not_found" });
    expect(await listAgents({ ctx: mine, input: undefined })).toEqual([]);
  });
});

describeDatabase("tools", (db) => {
  const webhook = {
    name: "weather",
    kind: "webhook",
    parameters,
    config: { url: "https://example.com/hook" },
  } as const;

  it("keep their secret sealed and show it once", async () => {
    const ctx = await seedMember(seedServices(db()));
    const { id, secret } = await createTool({ ctx, input: webhook });
    expect(secret).toMatch(/^whsec_/);
    const shown = JSON.stringify([await getTool({ ctx, input: { id } }), await listTools({ ctx, input: undefined })]);
    expect(shown).not.toContain(secret ?? "?");
    expect(shown).toContain('"hasSecret":true');
    expect((await rotateToolSecret({ ctx, input: { id } })).secret).not.toBe(secret);
    await updateTool({ ctx, input: { id, tool: { ...webhook, name: "forecast" } } });
    expect(await getTool({ ctx, input: { id } })).toMatchObject({ name: "forecast", config: { timeoutMs: 10_000 } });
    const changed = updateTool({ ctx, input: { id, tool: { name: "x", kind: "client", parameters } } });
    await expect(changed).rejects.toMatchObject({ field: "tool.kind" });
  });

  it.each([
    ["no schema", { type: "object", properties: { a: { type: "strnig" } } }, /no JSON Schema/],
    ["another type", { type: "string" }, /must be "object"/],
    [
      "a remote reference",
      { type: "object", properties: { a: { $ref: "https://evil.example/x" } } },
      /no reference inside/,
    ],
    ["too much", { description: "x".repeat(70_000) }, /65,536/],
  ])("refuse parameters that are %s", async (_what, bad, message) => {
    const ctx = await seedMember(seedServices(db()));
    const made = createTool({ ctx, input: { ...webhook, parameters: bad } });
    await expect(made).rejects.toMatchObject({
      code: "invalid",
      field: "parameters",
      message: expect.stringMatching(message),
    });
  });

  it("refuse addresses inside, and names twice", async () => {
    const outbound = { fetch, check: () => Promise.reject(new Error("10.0.0.1 is a private address.")) };
    const ctx = await seedMember(seedServices(db(), { outbound }));
    const refused = createTool({ ctx, input: webhook });
    await expect(refused).rejects.toMatchObject({ field: "config.url", message: "10.0.0.1 is a private address." });
    const client = { name: "same", kind: "client", parameters } as const;
    await createTool({ ctx, input: client });
    await expect(createTool({ ctx, input: client })).rejects.toMatchObject({ code: "conflict", field: "name" });
  });

  it("stay while an agent uses them", async () => {
    const ctx = await seedMember(seedServices(db()));
    const { id } = await createTool({ ctx, input: webhook });
    const agent = await createAgent({ ctx, input: { name: "Ada", config: { tools: [id] } } });
    await expect(removeTool({ ctx, input: { id } })).rejects.toMatchObject({ code: "conflict" });
    await archiveAgent({ ctx, input: { id: agent.id } });
    await removeTool({ ctx, input: { id } });
    expect(await listTools({ ctx, input: undefined })).toEqual([]);
  });
});
