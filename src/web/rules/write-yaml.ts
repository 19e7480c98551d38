/** Words that YAML takes for something else than text. */
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** Text that needs no quotes: words, and spans such as `15m`. */
const PLAIN = /^(\p{L}[\p{L}\p{N}_-]*( [\p{L}\p{N}_-]+)*|[1-9]\d*[smhd])$/u;

/** Writes JSON's values as YAML in blocks; lists of words stay in their line. */
export function writeYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (!value.some(isTree)) return `${indent}[${value.map(writeScalar).join(', ')}]\n`;
    return value.map((one) => `${indent}- ${writeYaml(one, `${indent}  `).slice(indent.length + 2)}`).join('');
  }
  if (!isTree(value)) return `${indent}${writeScalar(value)}\n`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return `${indent}{}\n`;
  return entries.map(([key, one]) => `${indent}${writeScalar(key)}:${writeBelow(one, indent)}`).join('');
}

function writeBelow(value: unknown, indent: string): string {
  const isBlock = Array.isArray(value) ? value.some(isTree) : isTree(value) && Object.keys(value).length > 0;
  return isBlock ? `\n${writeYaml(value, `${indent}  `)}` : ` ${writeYaml(value)}`;
}

function writeScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return PLAIN.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value);
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
