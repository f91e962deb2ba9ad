import { afterAll, describe, expect, it } from "vitest";
import { createPasswordHasher, TooManyPasswords } from "./passwords";

const passwords = createPasswordHasher();
afterAll(() => passwords.close());

describe("passwords", () => {
  it("are hashed with Argon2id and a salt each, and checked", async () => {
    const [one, two] = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify("correct horse", one)).toBe(true);
    expect(await passwords.verify("wrong horse", one)).toBe(false);
    expect(await passwords.verify("ﬁne", await passwords.hash("fine"))).toBe(true);
  });

  it("take the same work where there is no hash, and are never right there", async () => {
    expect(await passwords.verify("anything", null)).toBe(false);
  });

  it("never stop the event loop, and are refused when too many wait", async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const results = await Promise.allSettled(Array.from({ length: 68 }, () => passwords.verify("x", null)));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
    expect(results.slice(0, 3).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(results.at(-1)).toMatchObject({ status: "rejected", reason: expect.any(TooManyPasswords) });
  });
});
