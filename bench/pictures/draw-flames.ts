import type { Stacks } from './fold-samples.ts';

/** A function with all that it calls. */
type Node = { name: string; weight: number; readonly callees: Map<string, Node> };

const [WIDTH, ROW, MARGIN] = [1200, 17, 8];
/** Narrower ones, px, are left out. */
const LEAST = 0.8;
/** Width of a character, px. */
const CHARACTER = 6.2;
/** For a light and for a dark page: ground, text, and the stages in turn. */
const LIGHT = [
  '#ffffff',
  '#1f2328',
  '#ffd8a8',
  '#a5d8ff',
  '#b2f2bb',
  '#eebefa',
  '#ffec99',
  '#ffc9c9',
  '#d0ebff',
  '#e9ecef',
];
const DARK = [
  '#0d1117',
  '#e6edf3',
  '#7a4a12',
  '#1f4f80',
  '#216e39',
  '#6b3a7d',
  '#6b5a12',
  '#7d3434',
  '#2b5876',
  '#3d444d',
];

/** A flame graph, the root above, as SVG: widths are milliseconds a picture, which `perSample` makes of weights; a pointer names each. */
export function drawFlames(stacks: Stacks, perSample: number): string {
  const root = growTree(stacks);
  const parts: string[] = [];
  let depth = 0;
  const draw = (node: Node, x: number, level: number, colour: number): void => {
    const width = (node.weight / root.weight) * WIDTH;
    if (width < LEAST) return;
    depth = Math.max(depth, level);
    const label = `${node.name}, ${(node.weight * perSample).toFixed(2)} ms`;
    const shown = width < 5 * CHARACTER ? '' : escapeText(label.slice(0, Math.floor((width - 4) / CHARACTER)));
    const [left, top] = [(MARGIN + x).toFixed(1), MARGIN + level * ROW];
    const box = `<rect class="c${colour}" x="${left}" y="${top}" width="${(width - 0.4).toFixed(1)}" height="${ROW - 1}" rx="1"/>`;
    const text = shown && `<text x="${(MARGIN + x + 3).toFixed(1)}" y="${top + 12}">${shown}</text>`;
    parts.push(`<g><title>${escapeText(label)}</title>${box}${text}</g>`);
    let at = x;
    for (const [index, callee] of sortCallees(node).entries()) {
      draw(callee, at, level + 1, level === 0 ? index % (LIGHT.length - 2) : colour);
      at += (callee.weight / root.weight) * WIDTH;
    }
  };
  draw(root, 0, 0, LIGHT.length - 3);
  const [width, height] = [WIDTH + 2 * MARGIN, (depth + 1) * ROW + 2 * MARGIN];
  const style = `${describeColours(LIGHT)}@media(prefers-color-scheme:dark){${describeColours(DARK)}}text{font:11px sans-serif;pointer-events:none}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function growTree(stacks: Stacks): Node {
  const root: Node = { name: 'a picture', weight: 0, callees: new Map() };
  for (const [stack, weight] of stacks) {
    root.weight += weight;
    let node = root;
    for (const name of stack.split(';')) {
      const callee = node.callees.get(name) ?? { name, weight: 0, callees: new Map() };
      node.callees.set(name, callee);
      callee.weight += weight;
      node = callee;
    }
  }
  return root;
}

function sortCallees({ callees }: Node): readonly Node[] {
  return [...callees.values()].sort((a, b) => b.weight - a.weight);
}

function describeColours([ground, text, ...stages]: readonly string[]): string {
  const ofStages = stages.map((colour, at) => `.c${at}{fill:${colour}}`).join('');
  return `.ground{fill:${ground}}text{fill:${text}}${ofStages}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
