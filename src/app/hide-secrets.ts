const SECRET = /password|secret|token|authorization|cookie|^key$|api_?key/i;
/** Any header may be the one that lets somebody in: each service has a name of its own for it. */
const HEADERS = /^headers$/i;
const PARAMETER =
  /([?&/;](?:[a-z]+[_-])*(?:pass|[a-z]*passw(?:or)?d|pwd|psw|[a-z]*token|[a-z]*secret|(?:api)?key|auth|sig|signature)=)[^&\s"'#;]+/gi;

/** The same without what lets somebody in: values of telling names, headers, and passwords within addresses. */
export function hideSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, hideSecrets(item, HEADERS.test(key) ? 'secret' : name)]),
    );
  }
  if (typeof value !== 'string') return value;
  return SECRET.test(key) ? HIDDEN : hideInText(value);
}

/** Passwords within addresses, in front of the host and as parameters, and what follows `Bearer`. */
export function hideInText(text: string): string {
  return text
    .replaceAll(/(:\/\/[^/@\s:]*):[^/\s]*@/g, `$1:${HIDDEN}@`)
    .replaceAll(PARAMETER, `$1${HIDDEN}`)
    .replaceAll(/\b(Bearer) [\w.~+/=-]+/gi, `$1 ${HIDDEN}`);
}

const HIDDEN = '(hidden)';
