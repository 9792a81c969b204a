import type { Space } from '../../core/space.js';
import type { NeighbourhoodTree } from './neighbourhood.js';
import { xmlText } from './xml-text.js';

const ROW_HEIGHT = 20;
const COLUMN_WIDTH = 260;
const MARGIN = 16;
const LABEL_WIDTH = 190;
const LONGEST = 30;
const COLOURS: Readonly<Record<Space, string>> = { item: '#0b6e99', user: '#b3541e' };

interface Drawing {
  readonly lines: string[];
  readonly labels: string[];
  nLeaves: number;
  nColumns: number;
}

/** Draw a neighbourhood as an SVG of columns from left to right; the thicker a line, the heavier the edge. */
export function neighbourhoodSvg(tree: NeighbourhoodTree): string {
  const drawing: Drawing = { lines: [], labels: [], nLeaves: 0, nColumns: 0 };
  place(tree, 0, drawing);
  const width = 2 * MARGIN + (drawing.nColumns - 1) * COLUMN_WIDTH + LABEL_WIDTH;
  const height = 2 * MARGIN + drawing.nLeaves * ROW_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${xmlText(`Where ${tree.tag} leads in the logic graph`)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...drawing.lines,
    ...drawing.labels,
    '</svg>\n',
  ].join('\n');
}

/** Draw a tag and all below it; gives how far down it stands. */
function place(tree: NeighbourhoodTree, column: number, drawing: Drawing): number {
  drawing.nColumns = Math.max(drawing.nColumns, column + 1);
  const x = MARGIN + column * COLUMN_WIDTH;
  const below = tree.children.map((child) => ({ child, y: place(child, column + 1, drawing) }));
  const y =
    below.length === 0
      ? MARGIN + (drawing.nLeaves++ + 0.5) * ROW_HEIGHT
      : (below[0]!.y + below[below.length - 1]!.y) / 2;
  const label = shorten(tree.tag);
  const start = x + Math.min(LABEL_WIDTH, labelWidth(label)) + 6;
  const end = x + COLUMN_WIDTH - 6;
  for (const { child, y: to } of below) {
    const bend = (start + end) / 2;
    drawing.lines.push(
      `<path d="M${start} ${y}C${bend} ${y} ${bend} ${to} ${end} ${to}" fill="none" stroke="#999" stroke-width="${(0.5 + 12 * child.weight).toFixed(1)}" stroke-opacity=".5"><title>${child.weight.toFixed(3)}</title></path>`,
    );
  }
  drawing.labels.push(`<text x="${x}" y="${y + 4}" fill="${COLOURS[tree.space]}">${xmlText(label)}</text>`);
  return y;
}

// A guess: fonts differ, and nothing here can measure one.
function labelWidth(label: string): number {
  return Array.from(label).reduce((sum, character) => sum + (character > '\u2e80' ? 12 : 6.5), 0);
}

function shorten(tag: string): string {
  const characters = Array.from(tag);
  return characters.length <= LONGEST ? tag : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
