import type { Messages } from '../messages.ts';

/** What can be taken away as a file. */
export const files = {
  export: 'Exporter',
  csv: 'En CSV',
  ndjson: 'En NDJSON',
  running: 'Le fichier est en cours de téléchargement',
  rows: (done, total) => `${done} sur ${total}`,
  soFar: (done: string) => `${done} lignes`,
  saved: (name) => `Enregistré sous ${name}`,
} satisfies Messages['files'];

/** Notes and tags of plates and events. */
export const notes = {
  title: 'Notes et étiquettes',
  tags: 'Étiquettes',
  add: 'Ajouter',
  addTag: 'Nouvelle étiquette',
  addNote: 'Nouvelle note',
  remove: (text) => `Supprimer « ${text} »`,
  none: 'Pas encore de note.',
} satisfies Messages['notes'];
