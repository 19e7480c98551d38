/** A `Reason` of the contract, or one of a newer server that a page left open does not know. */
type ToldReason = Readonly<{ kind: string; distance?: number; detail?: string | null }>;

const WORDS: Record<string, string> = {
  exact: 'exactly this',
  prefix: 'starts with it',
  suffix: 'ends with it',
  contains: 'contains it',
  wildcard: 'fits the pattern',
};

/** Why an event was found, in words: "look-alike 8↔B at 3", "1 edit: X↔Y at 2", "starts with it". */
export function explainReason({ kind, distance, detail }: ToldReason): string {
  if (kind === 'lookalike') return join('look-alike', ' ', detail);
  if (kind === 'edit') return join(distance === 1 ? '1 edit' : `${distance ?? 'some'} edits`, ': ', detail);
  return detail || WORDS[kind] || kind.replaceAll(/[_-]+/g, ' ');
}

function join(head: string, by: string, tail: string | null | undefined): string {
  return tail ? `${head}${by}${tail}` : head;
}
