import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Language } from '../contract/api/auth.ts';
import { type Cell, useCell } from './data/cell.ts';
import { chooseLanguage, chooseLocale, isLanguage, loadMessages } from './languages/languages.ts';
import { recall, remember } from './remember.ts';
import { createWords, type Words } from './words.ts';

/** What a person has chosen; undefined is the browser's. */
export type Preferences = Readonly<{ language: Language | undefined; zone: string | undefined }>;

const WordsContext = createContext<Words | undefined>(undefined);

/** What this browser remembers. */
export function recallPreferences(): Preferences {
  const language = recall('language');
  return { language: isLanguage(language) ? language : undefined, zone: recall('zone') || undefined };
}

/** Remembers what was chosen for the next visit, before anybody has signed in. */
export function rememberPreferences({ language, zone }: Preferences): void {
  remember('language', language ?? '');
  remember('zone', zone ?? '');
}

/** Shows its children in the chosen language and time zone; the former one stays until the next one is there. */
export function Speech({ preferences, children }: { preferences: Cell<Preferences>; children: ComponentChildren }) {
  const chosen = useCell(preferences);
  const [words, setWords] = useState<Words>();
  useEffect(() => {
    let isLatest = true;
    void findWords(chosen).then((found) => isLatest && setWords(found));
    return () => {
      isLatest = false;
    };
  }, [chosen]);
  return words && <WordsContext.Provider value={words}>{children}</WordsContext.Provider>;
}

/** The words of the language that is spoken; throws outside of `Speech`. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('useWords needs Speech above it');
  return words;
}

async function findWords({ language, zone }: Preferences): Promise<Words> {
  const spoken = language ?? chooseLanguage(navigator.languages);
  const t = await loadMessages(spoken);
  document.documentElement.lang = spoken;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return createWords({ t, locale: chooseLocale(spoken, navigator.languages), zone: zone ?? here });
}
