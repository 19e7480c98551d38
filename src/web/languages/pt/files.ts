import type { Messages } from '../messages.ts';

/** What can be taken away as a file. */
export const files = {
  export: 'Exportar',
  csv: 'Como CSV',
  ndjson: 'Como NDJSON',
  running: 'O arquivo está sendo baixado',
  rows: (done, total) => `${done} de ${total}`,
  soFar: (done: string) => `${done} linhas`,
  saved: (name) => `Salvo como ${name}`,
} satisfies Messages['files'];

/** Notes and tags of plates and events. */
export const notes = {
  title: 'Notas e etiquetas',
  tags: 'Etiquetas',
  add: 'Adicionar',
  addTag: 'Nova etiqueta',
  addNote: 'Nova nota',
  remove: (text) => `Remover “${text}”`,
  none: 'Ainda não há notas.',
} satisfies Messages['notes'];
