/** A character in upper case without accents, full-width forms as the usual ones (Unicode NFKD). */
export function toPlainLetter(character: string): string {
  return character
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toUpperCase();
}
