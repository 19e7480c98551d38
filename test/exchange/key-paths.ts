/** Every path of names in a JSON value with the type at its end, such as `data.results[].plate: string`; of lists the first element speaks. */
export function listPaths(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : listPaths(value[0], `${path}[]`);
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => listPaths(inner, path === '' ? key : `${path}.${key}`));
  }
  return [`${path}: ${value === null ? 'null' : typeof value}`];
}
