/**
 * As much of the ONNX file format (protocol buffers) as it takes to get a model's weights out and to write a graph of
 * one's own around them.
 */
const FLOAT = 1;
const INT64 = 7;

export interface Weights {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** One node of a graph. Its attributes are whole numbers or words. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string>>;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly weights: Readonly<Record<string, Weights>>;
  /** Lists of whole numbers, such as sizes. */
  readonly integers: Readonly<Record<string, readonly number[]>>;
  /** Names of the inputs and outputs, which are rows of so many numbers. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

// ---------------------------------------------------------------- reading

interface Field {
  readonly number: number;
  /** Of a field that is no plain number. */
  readonly bytes: Buffer;
  readonly value: number;
}

/** Every constant of a model that holds floating-point numbers, by its name, those of its branches included. */
export function readWeights(file: Buffer): Map<string, Weights> {
  const found = new Map<string, Weights>();
  for (const graph of fieldsOf(file, 7)) collectFrom(graph.bytes, found);
  return found;
}

function collectFrom(graph: Buffer, found: Map<string, Weights>): void {
  for (const { bytes: node } of fieldsOf(graph, 1)) {
    const [output] = fieldsOf(node, 2);
    for (const { bytes: attribute } of fieldsOf(node, 5)) {
      for (const { bytes: branch } of fieldsOf(attribute, 6)) collectFrom(branch, found);
      for (const { bytes: tensor } of fieldsOf(attribute, 5)) {
        const weights = tensorOf(tensor);
        if (output !== undefined && weights !== undefined) found.set(output.bytes.toString(), weights);
      }
    }
  }
}

function tensorOf(tensor: Buffer): Weights | undefined {
  const fields = [...fieldsOf(tensor)];
  const raw = fields.find(({ number }) => number === 9)?.bytes;
  if (raw === undefined || fields.find(({ number }) => number === 2)?.value !== FLOAT) return undefined;
  const dims = fields
    .filter(({ number }) => number === 1)
    .flatMap(({ bytes, value }) => (bytes.length > 0 ? packed(bytes) : [value]));
  // A copy: a view must begin at a multiple of 4.
  return { dims, values: new Float32Array(Uint8Array.from(raw).buffer) };
}

function packed(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, end } = varint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

/** The fields of a message; only those of one number, if it is given. */
function* fieldsOf(message: Buffer, only?: number): Generator<Field> {
  for (let at = 0; at < message.length;) {
    const { value: tag, end } = varint(message, at);
    const field = fieldAt(message, tag, end);
    at = field.end;
    if (only === undefined || field.number === only) yield field;
  }
}

const NOTHING = Buffer.alloc(0);

function fieldAt(message: Buffer, tag: number, at: number): Field & { readonly end: number } {
  const number = Math.floor(tag / 8);
  switch (tag % 8) {
    case 0: {
      const { value, end } = varint(message, at);
      return { number, bytes: NOTHING, value, end };
    }
    case 1:
      return { number, bytes: NOTHING, value: NaN, end: at + 8 };
    case 2: {
      const { value: length, end } = varint(message, at);
      return { number, bytes: message.subarray(end, end + length), value: NaN, end: end + length };
    }
    case 5:
      return { number, bytes: NOTHING, value: NaN, end: at + 4 };
    default:
      throw new Error("This is no ONNX file.");
  }
}

/** Numbers too large for a double lose their last digits: none that is needed is so large. */
function varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let end = at; end < bytes.length; end++) {
    const byte = bytes[end]!;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, end: end + 1 };
    scale *= 128;
  }
  throw new Error("The ONNX file is cut short.");
}

// ---------------------------------------------------------------- writing

/** The file of a model that consists of this graph. */
export function writeModel({ nodes, weights, integers, inputs, outputs }: Graph): Buffer {
  const graph = Buffer.concat([
    ...nodes.map((node) => bytesField(1, nodeBytes(node))),
    bytesField(2, Buffer.from("graph")),
    ...Object.entries(weights).map(([name, { dims, values }]) =>
      bytesField(5, tensorBytes(name, { type: FLOAT, dims, data: values })),
    ),
    ...Object.entries(integers).map(([name, values]) =>
      bytesField(
        5,
        tensorBytes(name, { type: INT64, dims: [values.length], data: BigInt64Array.from(values.map(BigInt)) }),
      ),
    ),
    ...Object.entries(inputs).map(([name, width]) => bytesField(11, rowsBytes(name, width))),
    ...Object.entries(outputs).map(([name, width]) => bytesField(12, rowsBytes(name, width))),
  ]);
  return Buffer.concat([numberField(1, IR_VERSION), bytesField(7, graph), bytesField(8, numberField(2, OPSET))]);
}

const IR_VERSION = 8;
const OPSET = 13;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;

function nodeBytes({ op, inputs, outputs, attributes = {} }: GraphNode): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => bytesField(1, Buffer.from(name))),
    ...outputs.map((name) => bytesField(2, Buffer.from(name))),
    bytesField(4, Buffer.from(op)),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attributeBytes(name, value))),
  ]);
}

function attributeBytes(name: string, value: number | string): Buffer {
  const [content, type] =
    typeof value === "number"
      ? [numberField(3, value), ATTRIBUTE_INT]
      : [bytesField(4, Buffer.from(value)), ATTRIBUTE_STRING];
  return Buffer.concat([bytesField(1, Buffer.from(name)), content, numberField(20, type)]);
}

interface Tensor {
  readonly type: number;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

function tensorBytes(name: string, { type, dims, data }: Tensor): Buffer {
  return Buffer.concat([
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, type),
    bytesField(8, Buffer.from(name)),
    bytesField(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

/** A matrix of any number of rows. */
function rowsBytes(name: string, width: number): Buffer {
  const rows = bytesField(1, bytesField(2, Buffer.from("rows")));
  const columns = bytesField(1, numberField(1, width));
  const matrix = Buffer.concat([numberField(1, FLOAT), bytesField(2, Buffer.concat([rows, columns]))]);
  return Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, bytesField(1, matrix))]);
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varintBytes(number * 8), varintBytes(value)]);
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes]);
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
