import type { Language } from '../../contract/api/auth.ts';
import type { Operations } from '../languages/messages.ts';

/** Loads the names of operations in one language. */
export async function loadOperations(language: Language): Promise<Operations> {
  const loaders = {
    en: () => import('../languages/en/operations.ts'),
    de: () => import('../languages/de/operations.ts'),
    es: () => import('../languages/es/operations.ts'),
    pt: () => import('../languages/pt/operations.ts'),
    fr: () => import('../languages/fr/operations.ts'),
  };
  return (await loaders[language]()).operations;
}
