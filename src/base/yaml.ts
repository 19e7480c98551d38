import { isMap, isNode, LineCounter, type Node, parse, parseDocument, stringify } from 'yaml';

/** Parses YAML, of which JSON is a part; throws the parser's error, which names line and column. */
export function parseYaml(text: string): unknown {
  return parse(text);
}

/** Writes a value as YAML. */
export function stringifyYaml(value: unknown): string {
  return stringify(value);
}

/** A place in a text, both counted from 1. */
export type TextPlace = Readonly<{ line: number; column: number }>;

/** A text of YAML with the places of its parts. */
export type LocatedYaml = Readonly<{
  value: unknown;
  /** What is not YAML. */
  faults: readonly Readonly<{ place: TextPlace; message: string }>[];
  /** Where the value of a path stands, or what of the path there is. */
  locate(path: readonly PropertyKey[]): TextPlace;
  /** Where a key of the map of a path stands. */
  locateKey(path: readonly PropertyKey[], key: string): TextPlace;
}>;

/** Parses YAML so that faults found later can be shown in the text. Anchors may not grow it beyond measure. */
export function locateYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const nodeOf = (path: readonly PropertyKey[]): Node | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return undefined;
  };
  return {
    value: document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    faults: document.errors.map(({ pos, message }) => ({ place: placeOf(pos[0]), message })),
    locate: (path) => placeOf(nodeOf(path)?.range?.[0] ?? 0),
    locateKey: (path, key) => {
      const map = nodeOf(path);
      const pair = isMap(map) ? map.items.find((item) => isNode(item.key) && String(item.key) === key) : undefined;
      return placeOf((isNode(pair?.key) ? pair.key.range?.[0] : map?.range?.[0]) ?? 0);
    },
  };
}
