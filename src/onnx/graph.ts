import onnxProto from 'onnx-proto';
import { TagdistillError } from '../core/errors.js';

const { onnx } = onnxProto;

/** A size that is known when the graph is built, or the name of one that each run may choose, e.g. `batch`. */
export type Dim = number | string;
export type Shape = readonly Dim[];
export type ElementType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

/** A value that flows through the graph. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export type AttributeValue = number | { readonly float: number } | readonly number[];

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

type ConstantData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** The numbers by which ONNX names element types. */
export const ELEMENT_CODE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};
const OPSET = 17;
const IR_VERSION = 8;

/** An ONNX graph under construction: nodes in order of use, so that it also serves as the tape of a gradient. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  private readonly inputs: Tensor[] = [];
  private readonly outputs: { name: string; of: Tensor }[] = [];
  private readonly constants: { tensor: Tensor; data: ConstantData }[] = [];
  private nNames = 0;

  /** Declare a value that the caller gives at each run. */
  input(name: string, type: ElementType, shape: Shape): Tensor {
    const tensor = { name, type, shape };
    this.inputs.push(tensor);
    return tensor;
  }

  /**
   * Put fixed numbers into the graph.
   *
   * @throws TagdistillError `E_BAD_INPUT` if the data has not as many elements as the shape says
   */
  constant(data: ConstantData, shape: readonly number[], name = this.freshName('const')): Tensor {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (size !== data.length) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `constant ${name} has ${data.length} elements, its shape [${shape.join(', ')}] wants ${size}`,
      );
    }
    const tensor: Tensor = { name, type: elementTypeOf(data), shape };
    this.constants.push({ tensor, data });
    return tensor;
  }

  /** Put one float32 number into the graph, shape []. */
  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), []);
  }

  /** The numbers of a constant; undefined for what is computed or given at a run. */
  valuesOf({ name }: Tensor): ConstantData | undefined {
    return this.constants.find(({ tensor }) => tensor.name === name)?.data;
  }

  /** Append an operator and name its outputs. */
  node(
    op: string,
    inputs: readonly Tensor[],
    outputs: readonly { readonly type: ElementType; readonly shape: Shape }[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Tensor[] {
    const tensors = outputs.map(({ type, shape }) => ({ name: this.freshName(op), type, shape }));
    this.nodes.push({ op, inputs, outputs: tensors, attributes });
    return tensors;
  }

  /** Declare a tensor as a result of the graph, under a public name. */
  output(name: string, of: Tensor): void {
    this.outputs.push({ name, of });
  }

  /** Serialise as an ONNX model (IR version 8, opset 17). */
  toBytes({ producer = 'tagdistill' }: { readonly producer?: string } = {}): Uint8Array {
    const identities = this.outputs.map(({ name, of }) =>
      onnx.NodeProto.create({
        opType: 'Identity',
        name: `${name}/Identity`,
        input: [of.name],
        output: [name],
      }),
    );
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: producer,
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: producer,
        node: [...this.nodes.map((node, index) => nodeProto(node, index)), ...identities],
        input: this.inputs.map((tensor) => valueInfo(tensor.name, tensor)),
        output: this.outputs.map(({ name, of }) => valueInfo(name, of)),
        initializer: this.constants.map(({ tensor, data }) => ({
          name: tensor.name,
          dataType: ELEMENT_CODE[tensor.type],
          dims: [...(tensor.shape as readonly number[])],
          rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        })),
      },
    });
    return onnx.ModelProto.encode(model).finish();
  }

  private freshName(stem: string): string {
    return `${stem}_${this.nNames++}`;
  }
}

function elementTypeOf(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  return data instanceof Int32Array ? 'int32' : 'int64';
}

function nodeProto(node: GraphNode, index: number): InstanceType<typeof onnx.NodeProto> {
  return onnx.NodeProto.create({
    opType: node.op,
    name: `${node.op}/${index}`,
    input: node.inputs.map((tensor) => tensor.name),
    output: node.outputs.map((tensor) => tensor.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

function attributeProto(name: string, value: AttributeValue): InstanceType<typeof onnx.AttributeProto> {
  const { INT, FLOAT, INTS } = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return onnx.AttributeProto.create({ name, type: INT, i: value });
  if ('float' in value) return onnx.AttributeProto.create({ name, type: FLOAT, f: value.float });
  return onnx.AttributeProto.create({ name, type: INTS, ints: [...value] });
}

function valueInfo(name: string, { type, shape }: Tensor): InstanceType<typeof onnx.ValueInfoProto> {
  return onnx.ValueInfoProto.create({
    name,
    type: {
      tensorType: {
        elemType: ELEMENT_CODE[type],
        shape: { dim: shape.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
      },
    },
  });
}
