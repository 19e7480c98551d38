/** Characters that are written as another: `{ O: '0' }` writes CHICAGO as CHICAG0. */
export type Spelling = Readonly<Record<string, string>>;

/** The text in this spelling. */
export function spellText(text: string, spelling: Spelling): string {
  return [...text].map((char) => spelling[char] ?? char).join('');
}
