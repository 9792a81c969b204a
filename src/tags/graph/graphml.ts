import { SPACES } from '../../core/space.js';
import { SOURCE_SPACE, TARGET_SPACE } from './direction.js';
import type { LogicGraph } from './logic-graph.js';
import { xmlText } from './xml-text.js';

const KEYS = `  <key id="tag" for="node" attr.name="tag" attr.type="string"/>
  <key id="space" for="node" attr.name="space" attr.type="string"/>
  <key id="direction" for="edge" attr.name="direction" attr.type="string"/>
  <key id="weight" for="edge" attr.name="weight" attr.type="double"/>
  <key id="votes" for="edge" attr.name="votes" attr.type="int"/>`;

/**
 * Write the graph as GraphML, line by line: opened by networkx, Gephi, yEd, igraph.
 *
 * A node is `<space>:<tag id>` with its tag and space; an edge has its direction, weight and votes.
 *
 * @see http://graphml.graphdrawing.org/specification.html
 */
export function* graphmlLines(graph: LogicGraph): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">';
  yield KEYS;
  yield '  <graph edgedefault="directed">';
  for (const space of SPACES) {
    for (const { id, tag } of graph.tags[space]) {
      yield `    <node id="${xmlText(`${space}:${id}`)}"><data key="tag">${xmlText(tag)}</data><data key="space">${space}</data></node>`;
    }
  }
  for (const { direction, source, target } of graph.edges()) {
    const from = xmlText(`${SOURCE_SPACE[direction]}:${source.id}`);
    const to = xmlText(`${TARGET_SPACE[direction]}:${target.id}`);
    yield `    <edge source="${from}" target="${to}"><data key="direction">${direction}</data><data key="weight">${target.weight}</data><data key="votes">${target.votes}</data></edge>`;
  }
  yield '  </graph>';
  yield '</graphml>';
}
