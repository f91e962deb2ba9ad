import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Role } from "../../lib/auth/roles";
import type { Login } from "./context";
import { whileMember } from "./while-member";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const loginAs = (role: Role | undefined): Login => ({
  user: { id: "user_1", name: "Ada", email: "ada@example.com" },
  organisation: undefined,
  organisations: role === undefined ? [] : [{ id: "org_1", name: "One", role }],
});

async function* numbers(): AsyncGenerator<number> {
  for (let i = 1; i <= 4; i++) {
    yield i;
    vi.advanceTimersByTime(4_000);
  }
}

it.each([
  ["was removed", loginAs(undefined)],
  ["has a lesser role", loginAs("viewer")],
  ["is logged in no more", undefined],
])("ends for who %s meanwhile, and looks only now and then", async (_what, login) => {
  const again = vi.fn(async () => login);
  const heard: number[] = [];
  const watcher = { again, org: "org_1", scope: "settings:read" } as const;
  const watching = (async () => {
    for await (const each of whileMember(watcher, numbers())) heard.push(each);
  })();
  await expect(watching).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  expect([heard, again.mock.calls.length]).toEqual([[1, 2], 1]);
});

it("goes on for who is still there", async () => {
  const again = vi.fn(async () => loginAs("developer"));
  const heard: number[] = [];
  const watcher = { again, org: "org_1", scope: "settings:read" } as const;
  for await (const each of whileMember(watcher, numbers())) heard.push(each);
  expect(heard).toEqual([1, 2, 3, 4]);
});
