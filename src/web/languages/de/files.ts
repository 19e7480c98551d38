import type { Messages } from '../messages.ts';

/** What can be taken away as a file. */
export const files = {
  export: 'Exportieren',
  csv: 'Als CSV',
  ndjson: 'Als NDJSON',
  running: 'Wird heruntergeladen',
  rows: (done, total) => `${done} von ${total}`,
  soFar: (done: string) => `${done} Zeilen`,
  saved: (name) => `Gespeichert als ${name}`,
} satisfies Messages['files'];

/** Notes and tags of plates and events. */
export const notes = {
  title: 'Notizen und Schlagwörter',
  tags: 'Schlagwörter',
  add: 'Hinzufügen',
  addTag: 'Neues Schlagwort',
  addNote: 'Neue Notiz',
  remove: (text) => `„${text}“ entfernen`,
  none: 'Noch keine Notizen.',
} satisfies Messages['notes'];
