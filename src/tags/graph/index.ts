export type { LogicEdge } from './edge-cells.js';
export { Explorer, type Exploration, type ExploreOptions, type ExplorerOptions } from './explorer.js';
export { graphmlLines } from './graphml.js';
export {
  graphStatistics,
  type DirectionStatistics,
  type GraphStatistics,
  type Spread,
} from './graph-statistics.js';
export { decodeLogic, encodeLogic } from './logic-codec.js';
export { LogicGraph, type BuildGraphOptions, type GraphTag, type Neighbour } from './logic-graph.js';
export type { LogicMatrices } from './logic-matrices.js';
export {
  neighbourhood,
  neighbourhoodLines,
  type NeighbourhoodOptions,
  type NeighbourhoodTree,
} from './neighbourhood.js';
export { neighbourhoodSvg } from './neighbourhood-svg.js';
export type { WeightedTags } from './weighted-tags.js';
