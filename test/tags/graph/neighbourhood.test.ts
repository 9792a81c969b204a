import { describe, expect, it } from 'vitest';
import type { LogicEdge } from '../../../src/tags/graph/edge-cells.js';
import { LogicGraph } from '../../../src/tags/graph/logic-graph.js';
import { neighbourhood, neighbourhoodLines } from '../../../src/tags/graph/neighbourhood.js';
import { neighbourhoodSvg } from '../../../src/tags/graph/neighbourhood-svg.js';

const u2i = (source: string, target: string, weight: number): LogicEdge => ({
  direction: 'u2i',
  source,
  target,
  weight,
});
const i2u = (source: string, target: string, weight: number): LogicEdge => ({
  ...u2i(source, target, weight),
  direction: 'i2u',
});

const graph = LogicGraph.build([
  u2i('retiree', 'gardening', 0.6),
  u2i('retiree', 'travel', 0.3),
  u2i('retiree', 'family history', 0.1),
  i2u('gardening', 'retiree', 0.5),
  i2u('gardening', 'beekeeper', 0.3),
  i2u('gardening', 'landscape designer', 0.2),
  u2i('beekeeper', 'gardening', 1),
]);

describe('neighbourhood', () => {
  it('follows the heaviest edges level by level, and does not come back to a tag above', () => {
    const tree = neighbourhood(graph, 'retiree', { space: 'user', k: 2, depth: 3 });
    expect(neighbourhoodLines(tree)).toEqual([
      'retiree (user tag)',
      '├─ 0.60 gardening',
      '│  ├─ 0.30 beekeeper',
      '│  └─ 0.20 landscape designer',
      '└─ 0.30 travel',
    ]);
  });

  it('starts from either space', () => {
    const tree = neighbourhood(graph, 'gardening', { space: 'item', k: 1, depth: 1 });
    expect(neighbourhoodLines(tree)).toEqual(['gardening (item tag)', '└─ 0.50 retiree']);
  });

  it('is the tag alone where no edge leaves it', () => {
    expect(neighbourhoodLines(neighbourhood(graph, 'travel', { space: 'item' }))).toEqual([
      'travel (item tag)',
    ]);
  });

  it('refuses an unknown tag, and impossible numbers', () => {
    expect(() => neighbourhood(graph, 'pilot', { space: 'user' })).toThrow(
      'there is no user tag "pilot" among the 3 of the graph',
    );
    for (const wrong of [{ k: 0 }, { depth: 0 }, { depth: 1.5 }]) {
      expect(() => neighbourhood(graph, 'retiree', { space: 'user', ...wrong })).toThrow(
        expect.objectContaining({ code: 'E_BAD_OPTION' }),
      );
    }
  });
});

describe('neighbourhoodSvg', () => {
  it('draws every tag and every edge once', () => {
    const svg = neighbourhoodSvg(neighbourhood(graph, 'retiree', { space: 'user', k: 2, depth: 2 }));
    for (const tag of ['retiree', 'gardening', 'travel', 'beekeeper', 'landscape designer']) {
      expect(svg.split(`>${tag}</text>`)).toHaveLength(2);
    }
    expect(svg.match(/<path /g)).toHaveLength(4);
  });

  it('keeps markup in a tag from becoming markup, and cuts a giant one by characters', () => {
    const hostile = LogicGraph.build([u2i('<script>&"', '👩‍👩‍👧 '.repeat(200), 1)]);
    const svg = neighbourhoodSvg(neighbourhood(hostile, '<script>&"', { space: 'user' }));
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
    expect(svg.length).toBeLessThan(2000);
    expect(svg.isWellFormed()).toBe(true);
  });
});
