const PREFIX = 'ovr-alpr-';

/** What this browser remembers under a name. */
export function recall(name: string): string | undefined {
  return tryStorage((storage) => storage.getItem(PREFIX + name)) ?? undefined;
}

/** Remembers a text in this browser; an empty one is forgotten. */
export function remember(name: string, text: string): void {
  tryStorage((storage) => (text === '' ? storage.removeItem(PREFIX + name) : storage.setItem(PREFIX + name, text)));
}

/** A browser may refuse storage; the choice then lasts as long as the page. */
function tryStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(window.localStorage);
  } catch {
    return undefined;
  }
}
