import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { sileroPath } from "./model";
import { buildNetwork } from "./network";
import { contextSamples, frameSamples, STATE_SIZE, type SileroRate } from "./shape";

let file: Buffer;
let shipped: InferenceSession;
beforeAll(async () => {
  file = await readFile(sileroPath());
  shipped = await InferenceSession.create(sileroPath());
});

interface Rows {
  readonly probabilities: Float32Array;
  /** Of each row, the first half of its memory, then the second. */
  readonly state: Float32Array;
}

/** Sounds of several loudnesses: a tone and noise, the same every time. */
function sounds(rows: number, width: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: rows * width }, (_, index) => {
    seed = (seed * 48_271) % 2_147_483_647;
    const loudness = 1 / (1 + Math.floor(index / width));
    return loudness * (0.5 * Math.sin(index / 9) + seed / 2_147_483_647 - 0.5);
  });
}

/** What the network of the file makes of it, whose memory lies half by half. */
async function ofFile(rate: SileroRate, input: Float32Array, state: Float32Array): Promise<Rows> {
  const rows = state.length / STATE_SIZE;
  const half = STATE_SIZE / 2;
  const turned = Float32Array.from(state, (_, index) => {
    const row = Math.floor(index / half) % rows;
    return state[row * STATE_SIZE + Math.floor(index / (half * rows)) * half + (index % half)]!;
  });
  const { output, stateN } = await shipped.run({
    input: new Tensor("float32", input, [rows, input.length / rows]),
    state: new Tensor("float32", turned, [2, rows, half]),
    sr: new Tensor("int64", BigInt64Array.of(BigInt(rate)), []),
  });
  const after = stateN!.data as Float32Array;
  return {
    probabilities: output!.data as Float32Array,
    state: Float32Array.from(state, (_, index) => {
      const at = index % STATE_SIZE;
      return after[(Math.floor(at / half) * rows + Math.floor(index / STATE_SIZE)) * half + (at % half)]!;
    }),
  };
}

describe.each([16_000, 8_000] as const)("the network for %i Hz", (rate) => {
  it("comes to what the model in the file comes to, for any number of streams, frame after frame", async () => {
    const session = await InferenceSession.create(buildNetwork(file, rate));
    for (const rows of [1, 3, 32]) {
      const input = sounds(rows, contextSamples(rate) + frameSamples(rate));
      let state: Float32Array = new Float32Array(rows * STATE_SIZE);
      for (let frame = 0; frame < 4; frame++) {
        const expected = await ofFile(rate, input, state);
        const { output, stateN } = await session.run({
          input: new Tensor("float32", input, [rows, input.length / rows]),
          state: new Tensor("float32", state, [rows, STATE_SIZE]),
        });
        expect(furthest(output!.data as Float32Array, expected.probabilities)).toBeLessThan(1e-5);
        expect(furthest(stateN!.data as Float32Array, expected.state)).toBeLessThan(1e-4);
        ({ state } = expected);
      }
      expect(Math.max(...state.map(Math.abs))).toBeGreaterThan(0.1);
    }
  });
});

it("says what is missing when the file holds another model, or none", () => {
  expect(() => buildNetwork(Buffer.alloc(0), 16_000)).toThrow(/not the Silero model that is known here/);
  expect(() => buildNetwork(Buffer.from("no model at all"), 16_000)).toThrow();
});

function furthest(values: Float32Array, others: Float32Array): number {
  expect(values.length).toBe(others.length);
  return values.reduce((most, value, index) => Math.max(most, Math.abs(value - others[index]!)), 0);
}
