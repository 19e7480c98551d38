import type { Language } from '../../contract/api/auth.ts';
import type { Messages } from './messages.ts';

/** The languages of the page by their code, each by its own name. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  pt: 'Português',
  fr: 'Français',
} as const satisfies Record<Language, string>;

/** Whether the page speaks this language. */
export function isLanguage(code: string | null | undefined): code is Language {
  return Object.hasOwn(LANGUAGES, code ?? '');
}

/** The first of a browser's languages that the page speaks, else English. */
export function chooseLanguage(preferred: readonly string[]): Language {
  return preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

/** How a language writes numbers and dates: the browser's own variety of it, such as `en-GB`, where it has one. */
export function chooseLocale(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.slice(0, 2).toLowerCase() === language && isTag(tag)) ?? language;
}

/** Whether dates can be written by this tag: some browsers of systems without a language say `en-US@posix`. */
function isTag(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** Loads the texts of one language, and of no other. */
export async function loadMessages(language: Language): Promise<Messages> {
  const loaders = {
    en: () => import('./en/messages.ts'),
    de: () => import('./de/messages.ts'),
    es: () => import('./es/messages.ts'),
    pt: () => import('./pt/messages.ts'),
    fr: () => import('./fr/messages.ts'),
  };
  return (await loaders[language]()).messages;
}
