const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const ESCAPED = /[\\\t\n\r]/;
const ALL_ESCAPED = /[\\\t\n\r]/g;

/** A row in the text format of COPY, with its line end. */
export function formatRow(fields: readonly (string | null)[]): string {
  return `${fields.map(formatField).join('\t')}\n`;
}

/** An array of texts as PostgreSQL reads it. */
export function formatArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function formatField(value: string | null): string {
  if (value === null) return '\\N';
  return ESCAPED.test(value) ? value.replace(ALL_ESCAPED, (char) => ESCAPES[char] ?? char) : value;
}
