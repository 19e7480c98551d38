/** What a network's own class names mean here; everything else is `ignored`. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/plate|licen[cs]e|registration|matr[ií]cula|\bn?lp\b|\banpr\b|\blpr\b|targa|kennzeichen|placa/i, 'plate'],
  [/^(car|auto|sedan|suv|taxi|van)$/i, 'car'],
  [/^(truck|lorry)$/i, 'truck'],
  [/^bus$/i, 'bus'],
  [/^(motorcycle|motorbike|motor)$/i, 'motorcycle'],
];

/** COCO's 80 classes, and which of them are used. */
export const COCO_CLASSES = { count: 80, used: { 2: 'car', 3: 'motorcycle', 5: 'bus', 7: 'truck' } } as const;

/** The class of this system for a network's own name of a class. */
export function findMeaning(name: string): string {
  return MEANINGS.find(([pattern]) => pattern.test(name.trim()))?.[1] ?? 'ignored';
}

/** Parses `{0: 'plate', 1: "driver's plate"}`, as Ultralytics writes names; undefined for anything else. */
export function parseNames(text: string): readonly string[] | undefined {
  const entries = [...text.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)];
  const names = entries.map(([, index, single, double]) => [Number(index), single ?? double ?? ''] as const);
  const inOrder = names.every(([index], place) => index === place);
  return names.length > 0 && inOrder ? names.map(([, name]) => name) : undefined;
}
