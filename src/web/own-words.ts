import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../contract/api/auth.ts';
import { isLanguage } from './languages/languages.ts';
import { useWords } from './speech.tsx';

/** Texts that a screen does not share with others, in the language that is spoken; undefined until they have come. */
export function useOwnWords<Texts>(load: (language: Language) => Promise<Texts>): Texts | undefined {
  const { t } = useWords();
  const [told, setTold] = useState<Texts>();
  useEffect(() => {
    const { lang } = document.documentElement;
    let isLatest = true;
    void load(isLanguage(lang) ? lang : 'en').then((found) => isLatest && setTold(() => found));
    return () => {
      isLatest = false;
    };
  }, [t]);
  return told;
}
