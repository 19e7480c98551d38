import { useEffect, useState } from 'preact/hooks';

/** The page's colours: the system's choice, light, or dark. */
export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'ovr-alpr-theme';
const ORDER: readonly Theme[] = ['auto', 'light', 'dark'];

/** The chosen theme, remembered by the browser, and a switch to the next one. */
export function useTheme(): Readonly<{ theme: Theme; next: Theme; turn: () => void }> {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    writeTheme(theme);
  }, [theme]);
  const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'auto';
  return { theme, next, turn: () => setTheme(next) };
}

function readTheme(): Theme {
  const saved = tryStorage((storage) => storage.getItem(KEY));
  return ORDER.find((theme) => theme === saved) ?? 'auto';
}

function writeTheme(theme: Theme): void {
  tryStorage((storage) => storage.setItem(KEY, theme));
}

/** A browser may refuse storage; the choice then lasts as long as the page. */
function tryStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(window.localStorage);
  } catch {
    return undefined;
  }
}
