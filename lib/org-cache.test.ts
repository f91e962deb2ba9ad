import { expect, it } from "vitest";
import { OrgCache } from "./org-cache";

it("does not keep what was on its way when it was told to forget", async () => {
  const answers: ((value: string) => void)[] = [];
  const cache = new OrgCache(() => new Promise<string>((resolve) => answers.push(resolve)));
  const early = cache.get("org");
  cache.forget("org");
  const late = cache.get("org");
  answers[1]?.("new");
  answers[0]?.("old");
  expect(await Promise.all([early, late])).toEqual(["old", "new"]);
  expect(cache.peek("org")).toBe("new");
  expect(answers).toHaveLength(2);
});
