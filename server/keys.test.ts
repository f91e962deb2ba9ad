import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bootstrapKeys, keyFile } from "./keys";

const temporary = (): string => mkdtempSync(join(tmpdir(), "antiphon-keys-"));

describe("bootstrapKeys", () => {
  it("uses the configured keys and writes nothing", async () => {
    const dataDir = join(temporary(), "data");
    expect(await bootstrapKeys(["sk-a", "sk-b"], dataDir)).toEqual({
      keys: ["sk-a", "sk-b"],
      origin: { type: "configured" },
    });
    expect(() => statSync(dataDir)).toThrow();
  });

  it("makes one key of 256 bits at the first start and keeps it, for this user alone", async () => {
    const dataDir = join(temporary(), "data");
    const first = await bootstrapKeys([], dataDir);
    expect(first.keys).toHaveLength(1);
    expect(first.keys[0]).toMatch(/^sk-ap-[\w-]{43}$/);
    expect(first.origin).toEqual({ type: "generated", fresh: true, file: keyFile(dataDir) });
    expect(statSync(keyFile(dataDir)).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readFileSync(keyFile(dataDir), "utf8").trim()).toBe(first.keys[0]);

    const second = await bootstrapKeys([], dataDir);
    expect(second).toEqual({ keys: first.keys, origin: { type: "generated", fresh: false, file: keyFile(dataDir) } });
  });

  it("makes another key in another folder", async () => {
    const [one, two] = await Promise.all([bootstrapKeys([], temporary()), bootstrapKeys([], temporary())]);
    expect(one.keys).not.toEqual(two.keys);
  });

  it("says what to do about a file without a usable key, and about a folder that cannot be written", async () => {
    const dataDir = temporary();
    writeFileSync(keyFile(dataDir), "\n");
    await expect(bootstrapKeys([], dataDir)).rejects.toThrow(/api-key holds no usable key: delete it/);
    await expect(bootstrapKeys([], keyFile(dataDir))).rejects.toThrow(/Cannot write to .*set DATA_DIR/);
  });
});
