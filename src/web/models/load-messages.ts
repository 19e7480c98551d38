import type { Language } from '../../contract/api/auth.ts';
import type { ModelMessages } from '../languages/messages.ts';

/** Loads the texts of this screen in one language. */
export async function loadModelMessages(language: Language): Promise<ModelMessages> {
  const loaders = {
    en: () => import('../languages/en/models.ts'),
    de: () => import('../languages/de/models.ts'),
    es: () => import('../languages/es/models.ts'),
    pt: () => import('../languages/pt/models.ts'),
    fr: () => import('../languages/fr/models.ts'),
  };
  return (await loaders[language]()).models;
}
