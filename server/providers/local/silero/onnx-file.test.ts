import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import { readWeights, writeModel } from "./onnx-file";

it("writes a graph that runs: nodes, weights, whole numbers, attributes", async () => {
  const file = writeModel({
    nodes: [
      { op: "Gemm", inputs: ["x", "matrix"], outputs: ["product"], attributes: { transB: 1 } },
      { op: "Pad", inputs: ["product", "pads"], outputs: ["y"], attributes: { mode: "reflect" } },
    ],
    weights: { matrix: { dims: [2, 3], values: Float32Array.of(1, 2, 3, -1, 0.5, 200) } },
    integers: { pads: [0, 0, 0, 1] },
    inputs: { x: 3 },
    outputs: { y: 3 },
  });
  const session = await InferenceSession.create(file);
  const { y } = await session.run({ x: new Tensor("float32", Float32Array.of(1, 0, 0, 0, 0, 1), [2, 3]) });
  expect(y!.dims).toEqual([2, 3]);
  expect([...(y!.data as Float32Array)]).toEqual([1, -1, 1, 3, 200, 3]);
});

it("finds constants, and refuses what is no such file", () => {
  // A graph (7) of one node (1): output (2) "w", attribute (5) with a tensor (5) of 2 numbers.
  const tensor = [0x0a, 1, 2, 0x10, 1, 0x4a, 8, 0, 0, 128, 63, 0, 0, 0, 64];
  const attribute = [0x2a, tensor.length, ...tensor];
  const node = [0x12, 1, 0x77, 0x2a, attribute.length, ...attribute];
  const graph = [0x0a, node.length, ...node];
  const weights = readWeights(Buffer.from([0x3a, graph.length, ...graph]));
  expect([...weights]).toEqual([["w", { dims: [2], values: Float32Array.of(1, 2) }]]);
  expect(readWeights(Buffer.alloc(0)).size).toBe(0);
  expect(() => readWeights(Buffer.from([0x80]))).toThrow("cut short");
  expect(() => readWeights(Buffer.from([0x07]))).toThrow("no ONNX file");
});
