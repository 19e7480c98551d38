/** A text as it is compared: upper case, letters and digits alone, and of the truth only what the reader's alphabet has. */
export function normaliseText(text: string, alphabet?: string): string {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return alphabet === undefined ? plain : [...plain].filter((char) => alphabet.includes(char)).join('');
}

/** The text with the letters that many dies and labels do not tell from digits written as digits: O = 0, I = 1. */
export function foldText(text: string): string {
  return text.replaceAll('O', '0').replaceAll('I', '1');
}
