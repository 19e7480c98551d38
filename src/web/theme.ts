import { useLayoutEffect, useState } from 'preact/hooks';
import { recall, remember } from './remember.ts';

/** The page's colours: the system's choice, light, or dark. */
export type Theme = 'auto' | 'light' | 'dark';

const ORDER: readonly Theme[] = ['auto', 'light', 'dark'];

/** The chosen theme, remembered by the browser, and a switch to the next one. */
export function useTheme(): Readonly<{ theme: Theme; next: Theme; turn: () => void }> {
  const [theme, setTheme] = useState(readTheme);
  // Before the browser paints, or the other colours would flash.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember('theme', theme);
  }, [theme]);
  const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'auto';
  return { theme, next, turn: () => setTheme(next) };
}

function readTheme(): Theme {
  const saved = recall('theme');
  return ORDER.find((theme) => theme === saved) ?? 'auto';
}
