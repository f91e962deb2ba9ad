import { describe, expect, it } from "vitest";
import { requireStoragePackages } from "./storage-packages";

const plain = { redisUrl: undefined, owner: undefined, s3: undefined };

describe("packages for DATABASE_URL", () => {
  it("are found where they are installed", () => {
    expect(() => requireStoragePackages(plain)).not.toThrow();
  });

  it("are named with the command that installs what is missing, and only what is asked for", () => {
    const without = (settings: Parameters<typeof requireStoragePackages>[0], installed: string[] = []) => {
      return () => requireStoragePackages(settings, (name) => installed.includes(name));
    };
    expect(without(plain, ["postgres", "tarn"])).toThrow(
      /^DATABASE_URL needs packages that are not installed: npm install drizzle-orm rate-limiter-flexible$/,
    );
    const owner = { email: "o@example.com", password: "long enough" };
    expect(without({ ...plain, redisUrl: "redis://127.0.0.1", owner }, ["postgres", "tarn", "drizzle-orm"])).toThrow(
      /npm install rate-limiter-flexible ioredis hash-wasm$/,
    );
  });
});
