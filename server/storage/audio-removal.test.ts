import { expect, it } from "vitest";
import { AudioRemoval } from "./audio-removal";

const file = (path: string) => ({ store: "s3", path });

it("deletes what it can, and tries again what it could not, once for each that came meanwhile", async () => {
  const refused = new Set(["b"]);
  const removed: string[] = [];
  const removal = new AudioRemoval({
    remove: async ({ path }) => {
      if (refused.has(path)) throw new Error("The bucket is away.");
      removed.push(path);
    },
  });
  removal.add([file("a"), file("b"), file("c")]);
  await expect(removal.run()).rejects.toThrow("Recorded files that could not be deleted: 1.");
  expect(removed).toEqual(["a", "c"]);
  removal.add([file("d")]);
  refused.clear();
  await removal.run();
  await removal.run();
  expect(removed).toEqual(["a", "c", "b", "d"]);
});
