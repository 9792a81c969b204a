import type { Space } from '../src/core/space.js';
import { padItems, type ItemFeatures } from '../src/features/item-encoder.js';
import { graphFeeds } from '../src/runtime/graph-feeds.js';
import { openSession } from '../src/runtime/session.js';
import type { BundleManifest } from '../src/bundle/manifest.js';
import { ROWS_PER_RUN, type TopTags } from './inference-graph.js';

export interface RunExportedOptions {
  readonly nStems: number;
  readonly nTokens: number;
  readonly spaces: readonly Space[];
  readonly topK: number;
  readonly threads: number;
  readonly description: BundleManifest['model'];
}

/** Score items with an exported model, as the scorer would. */
export async function runExported(
  model: Uint8Array,
  items: readonly ItemFeatures[],
  { nStems, nTokens, spaces, topK, threads, description }: RunExportedOptions,
): Promise<Partial<Record<Space, TopTags>>> {
  const session = await openSession(model, { threads });
  const parts: Partial<Record<Space, { k: number; logits: Float32Array[]; columns: Int32Array[] }>> = {};
  try {
    for (let start = 0; start < items.length; start += ROWS_PER_RUN) {
      const batch = padItems(items.slice(start, start + ROWS_PER_RUN), { nStems, nTokens });
      const out = await session.run(graphFeeds(batch, topK, description.inputs));
      for (const space of spaces) {
        const part = (parts[space] ??= { k: 0, logits: [], columns: [] });
        const logits = out[description.outputs[space]!.logits]!.data as Float32Array;
        part.k = logits.length / batch.nRows;
        part.logits.push(logits);
        part.columns.push(out[description.outputs[space]!.indices]!.data as Int32Array);
      }
    }
  } finally {
    await session.release();
  }
  const top: Partial<Record<Space, TopTags>> = {};
  for (const space of spaces) {
    const { k, logits, columns } = parts[space] ?? { k: 0, logits: [], columns: [] };
    const n = items.length * k;
    const joined = { k, logits: new Float32Array(n), columns: new Int32Array(n) };
    let at = 0;
    logits.forEach((values, i) => {
      joined.logits.set(values, at);
      joined.columns.set(columns[i]!, at);
      at += values.length;
    });
    top[space] = joined;
  }
  return top;
}
