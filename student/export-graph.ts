import type { BundleManifest } from '../src/bundle/manifest.js';
import type { Space } from '../src/core/space.js';
import { Graph, type Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';
import { gatherRowsInt8, matMulInt8, quantiseColumns, quantiseRows } from '../src/onnx/quantise.js';
import type { TokenTable } from '../src/features/static-encoder.js';
import { outputTopTags } from './inference-graph.js';
import {
  addLogits,
  denseShapes,
  itemEmbedding,
  LEXICAL_UNIT,
  lexicalOverlap,
  nAllTags,
  splitLinear,
  sumRows,
  type NetworkParameters,
  type NetworkShape,
} from './network.js';
import { newTagBias, spacesOf, tagColumns } from './tag-columns.js';

/** How the numbers of an exported student are stored. */
export type Precision = 'int8' | 'float32';

/** What is exported: the trained network, and the static embeddings that its vectors begin with. */
export interface ExportedStudent {
  readonly shape: NetworkShape;
  readonly parameters: NetworkParameters;
  readonly tokenTable?: TokenTable;
  /** A tag's column starts as its words' embedding times this. */
  readonly tagWordScale: number;
  readonly isDistribution: boolean;
}

const INPUTS = {
  ids: 'feature_ids',
  weights: 'feature_weights',
  stems: 'stem_ids',
  tokens: 'token_ids',
  vectors: 'vectors',
  k: 'k',
} as const;

/**
 * Export a student as an ONNX model; docs/formats.md lists its inputs and outputs.
 *
 * With int8, the embedding table and the tags' columns are whole numbers with a scale a row and a column; the small
 * parameters between them stay float32.
 */
export function exportGraph(
  student: ExportedStudent,
  { precision }: { readonly precision: Precision },
): Uint8Array {
  const { shape, parameters, tokenTable } = student;
  const { nFeatures, nDims, nVectorDims, nStems } = shape;
  const g = new Graph();
  const ids = g.input(INPUTS.ids, 'int32', ['batch', 'width']);
  const weights = g.input(INPUTS.weights, 'float32', ['batch', 'width']);
  const stems = g.input(INPUTS.stems, 'int32', ['batch', 'stem_width']);
  const k = g.input(INPUTS.k, 'int64', [1]);
  const dense = denseConstants(g, shape, parameters);

  const sumOf = (name: string, table: Float32Array, width: number): Tensor => {
    const rows =
      precision === 'int8'
        ? tableRows(g, quantiseRows(table, width), { nRows: nFeatures, nDims: width, ids, name })
        : ops.gatherRows(g, g.constant(table, [nFeatures, width], name), ids);
    return sumRows(g, rows, weights);
  };
  const bag = sumOf('embedding', parameters.embedding, nDims);
  const linear =
    parameters.linear && splitLinear(g, sumOf('linear', parameters.linear, nAllTags(shape)), shape);

  const parts: Tensor[] = [];
  if (tokenTable !== undefined) parts.push(staticVector(g, tokenTable));
  const nOther = nVectorDims - (tokenTable?.nDims ?? 0);
  if (nOther > 0) parts.push(g.input(INPUTS.vectors, 'float32', ['batch', nOther]));
  const vectors = parts.length > 1 ? ops.concat(g, parts, 1) : parts[0];

  const item = itemEmbedding(g, { bag, dense, ...(vectors && { vectors }) });
  const presence = ops.multiHot(g, stems, nStems + 1);
  for (const space of spacesOf(shape)) {
    const n = shape.nTags[space]!;
    const columns = tagColumns(space, shape, parameters);
    let product: Tensor;
    if (precision === 'int8') {
      const { values, scales } = quantiseColumns(columns, n);
      const head = g.constant(values, [nDims, n], `${space}_columns`);
      product = matMulInt8(g, item, head, g.constant(scales, [n], `${space}_column_scales`));
    } else {
      product = ops.matMul(g, item, g.constant(columns, [nDims, n], `${space}_columns`));
    }
    const overlap = lexicalOverlap(g, presence, shape.tagStems[space]!);
    const logits = addLogits(g, space, { product, linear: linear?.[space], overlap, dense });
    outputTopTags(g, space, { logits, k, isDistribution: student.isDistribution });
    outputNewTagParts(g, space, { item, bag, vectors, logits, dense, student });
  }
  return g.toBytes();
}

/** Constants for all that is not folded into the tags' columns. */
function denseConstants(g: Graph, shape: NetworkShape, { dense }: NetworkParameters): Record<string, Tensor> {
  const constants: Record<string, Tensor> = {};
  for (const [name, dims] of Object.entries(denseShapes(shape))) {
    if (!name.endsWith('_head')) constants[name] = g.constant(dense[name]!, dims, name);
  }
  return constants;
}

function tableRows(
  g: Graph,
  { values, scales }: ReturnType<typeof quantiseRows>,
  {
    nRows,
    nDims,
    ids,
    name,
  }: { readonly nRows: number; readonly nDims: number; readonly ids: Tensor; readonly name: string },
): Tensor {
  const table = g.constant(values, [nRows, nDims], name);
  return gatherRowsInt8(g, table, g.constant(scales, [nRows], `${name}_scales`), ids);
}

/** The sum of a text's token rows by weight, to length 1; a padded token is a last row of weight 0. */
function staticVector(g: Graph, { nDims, table, weights }: TokenTable): Tensor {
  const nRows = weights.length + 1;
  const padded = { values: new Int8Array(nRows * nDims), scales: new Float32Array(nRows) };
  padded.values.set(table);
  padded.scales.set(weights);
  const ids = g.input(INPUTS.tokens, 'int32', ['batch', 'token_width']);
  const rows = tableRows(g, padded, { nRows, nDims, ids, name: 'token_embedding' });
  return ops.l2Normalise(g, ops.squeeze(g, ops.reduceSum(g, rows, [1]), [1]));
}

/**
 * Append what scoring a tag that training never saw needs: the item's embedding, the column that this text would have
 * as a tag, and what turns a logit into a share among all tags.
 */
function outputNewTagParts(
  g: Graph,
  space: Space,
  {
    item,
    bag,
    vectors,
    logits,
    dense,
    student,
  }: {
    readonly item: Tensor;
    readonly bag: Tensor;
    readonly vectors: Tensor | undefined;
    readonly logits: Tensor;
    readonly dense: Readonly<Record<string, Tensor>>;
    readonly student: ExportedStudent;
  },
): void {
  let column = ops.mul(g, bag, g.scalar(student.tagWordScale));
  const tied = dense[`${space}_tied`];
  if (tied !== undefined && vectors !== undefined) {
    // Given vectors, which come last, say nothing of a tag.
    const own = ops.slice(g, vectors, { axis: 1, start: 0, end: student.shape.tagVectors!.nDims });
    column = ops.add(g, column, ops.matMul(g, own, ops.transpose(g, tied, [1, 0])));
  }
  g.output(`${space}_embedding`, item);
  g.output(`${space}_column`, column);
  if (!student.isDistribution) return;
  // Any one tag tells it: logit less log-softmax is the same for all, so no work is done for each.
  const first = { axis: 1, start: 0, end: 1 };
  const [logit, share] = [logits, ops.logSoftmax(g, logits)].map((of) => ops.slice(g, of, first));
  g.output(`${space}_log_norm`, ops.sub(g, logit!, share!));
}

/** The manifest's description of an exported graph. */
export function describeGraph(
  { shape, parameters, tokenTable, isDistribution }: ExportedStudent,
  { precision, uses }: { readonly precision: Precision; readonly uses: (space: Space) => readonly number[] },
): BundleManifest['model'] {
  const { embedding, dense, linear } = parameters;
  const outputs = spacesOf(shape).map((space) => [
    space,
    {
      logits: `${space}_logits`,
      indices: `${space}_indices`,
      embedding: `${space}_embedding`,
      column: `${space}_column`,
      ...(isDistribution && { logNorm: `${space}_log_norm` }),
      newTag: {
        bias: newTagBias(dense[`${space}_bias`]!, uses(space)),
        lexicalScale: dense[`${space}_lexical`]![0]! * LEXICAL_UNIT,
      },
    },
  ]);
  const nParameters = Object.values(dense).reduce(
    (sum, { length }) => sum + length,
    embedding.length + (linear?.length ?? 0),
  );
  const { tokens, vectors, ...always } = INPUTS;
  return {
    precision,
    isDistribution,
    inputs: {
      ...always,
      ...(tokenTable && { tokens }),
      ...(shape.nVectorDims > (tokenTable?.nDims ?? 0) && { vectors }),
    },
    outputs: Object.fromEntries(outputs) as BundleManifest['model']['outputs'],
    nParameters,
  };
}
