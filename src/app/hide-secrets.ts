const SECRET = /password|secret|token|authorization|cookie|^key$|api_?key/i;

/** The same without what lets somebody in: values of telling names, and passwords within addresses. */
export function hideSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hideSecrets(item, name)]));
  }
  if (typeof value !== 'string') return value;
  return SECRET.test(key) ? HIDDEN : hideInText(value);
}

/** Passwords within addresses, and what follows `Bearer`. */
export function hideInText(text: string): string {
  return text
    .replaceAll(/(:\/\/[^/@\s:]*):[^/@\s]*@/g, `$1:${HIDDEN}@`)
    .replaceAll(/\b(Bearer) [\w.~+/=-]+/gi, `$1 ${HIDDEN}`);
}

const HIDDEN = '(hidden)';
