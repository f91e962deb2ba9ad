import { expect, it } from "vitest";
import { Held } from "./held";

async function* numbers(count: number, log: number[] = []): AsyncGenerator<number> {
  for (let each = 1; each <= count; each += 1) {
    log.push(each);
    yield each;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const all = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const each of source) list.push(each);
  return list;
};
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

it("runs ahead up to the point, and on when it is read", async () => {
  const pulled: number[] = [];
  const held = new Held(numbers(6, pulled), { enough: (each) => each === 3 });
  await settle();
  expect(pulled).toEqual([1, 2, 3]);
  expect(await all(held)).toEqual([1, 2, 3, 4, 5, 6]);
});

it("without a point holds everything", async () => {
  const seen: number[] = [];
  const held = new Held(numbers(4), { onEvent: (each) => seen.push(each) });
  await settle();
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(await all(held)).toEqual([1, 2, 3, 4]);
});

it("once read, pulls no further than its reader", async () => {
  const pulled: number[] = [];
  const held = new Held(numbers(50, pulled), { enough: () => true });
  await settle();
  let read = 0;
  for await (const _each of held) {
    read += 1;
    await settle();
    expect(pulled.length).toBeLessThanOrEqual(read + 1);
    if (read === 3) break;
  }
});

it("keeps a failure for its reader, in its place", async () => {
  async function* broken(): AsyncGenerator<number> {
    yield* numbers(2);
    throw new Error("gone");
  }
  const held = new Held(broken());
  await settle();
  expect(held.failed).toBe(true);
  const read: number[] = [];
  await expect(
    (async () => {
      for await (const each of held) read.push(each);
    })(),
  ).rejects.toThrow("gone");
  expect(read).toEqual([1, 2]);
});
