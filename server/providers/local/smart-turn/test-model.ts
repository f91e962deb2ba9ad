/** For tests: tiny ONNX models, written byte by byte. Field numbers are those of onnx.proto. */

/** 0: a number; 2: bytes, text or another message. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

const FLOAT = 1;
const INT = 2;
const INTS = 7;

type Attributes = Readonly<Record<string, number | readonly number[]>>;

function node(type: string, [from, to]: readonly [string, string], attributes: Attributes = {}): Buffer {
  const written = Object.entries(attributes).map(([name, value]) =>
    typeof value === "number"
      ? message(field(1, name), field(3, value), field(20, INT))
      : message(field(1, name), ...value.map((each) => field(8, each)), field(20, INTS)),
  );
  return message(field(1, from), field(2, to), field(4, type), ...written.map((each) => field(5, each)));
}

/** A tensor of floats; a dimension with a name takes any size. */
function tensor(name: string, shape: readonly (number | string)[]): Buffer {
  const dimensions = shape.map((size) => field(1, field(typeof size === "string" ? 2 : 1, size)));
  const type = message(field(1, FLOAT), field(2, message(...dimensions)));
  return message(field(1, name), field(2, field(1, type)));
}

export interface TestModel {
  /** Default: what Smart Turn takes. */
  readonly shape?: readonly (number | string)[];
  /** Which of the 800 columns count, from and to. Default all. */
  readonly columns?: readonly [number, number];
  /** Axes over which the mean is taken. Default 1 and 2: one number is left. */
  readonly mean?: readonly number[];
  /** Default true: the answer is a probability. */
  readonly sigmoid?: boolean;
}

/** sigmoid(mean(features)), as a file. */
export function testModel({
  shape = ["batch", 80, 800],
  columns: [from, to] = [0, 800],
  mean = [1, 2],
  sigmoid = true,
}: TestModel = {}): Buffer {
  const graph = message(
    field(1, node("Slice", ["input_features", "part"], { axes: [2], starts: [from], ends: [to] })),
    field(1, node("ReduceMean", ["part", "mean"], { axes: mean, keepdims: 1 })),
    field(1, node(sigmoid ? "Sigmoid" : "Identity", ["mean", "logits"])),
    field(2, "test"),
    field(11, tensor("input_features", shape)),
    field(12, tensor("logits", ["batch", "x", "y"])),
  );
  // Version 9 of the operators: there the slice's bounds are attributes.
  return message(field(1, 8), field(7, graph), field(8, message(field(1, ""), field(2, 9))));
}
