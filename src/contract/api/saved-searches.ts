import { z } from 'zod';
import { searchFieldsSchema } from './search.ts';

const nameField = z.string().trim().min(1).max(80);

/** What is searched for: the fields of a search without its page, as the address has them. */
const savedQuerySchema = searchFieldsSchema;

/** A search under a name, for the person who saved it. */
export const savedSearchSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  query: savedQuerySchema,
  at: z.iso.datetime().describe('When it was saved, UTC'),
});

export type SavedSearch = Readonly<z.infer<typeof savedSearchSchema>>;

/** By name. */
export const savedSearchesSchema = z.strictObject({ searches: z.array(savedSearchSchema).readonly() });

/** A name that the person has already is a CONFLICT. */
export const newSavedSearchSchema = z.strictObject({ name: nameField, query: savedQuerySchema });

export type NewSavedSearch = Readonly<z.infer<typeof newSavedSearchSchema>>;

export const renameSavedSearchSchema = z.strictObject({ name: nameField });

export const savedSearchParamsSchema = z.strictObject({ id: z.uuid().toLowerCase() });
