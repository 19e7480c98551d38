import type { Messages } from '../messages.ts';

/** What can be taken away as a file. */
export const files = {
  export: 'Exportar',
  csv: 'Como CSV',
  ndjson: 'Como NDJSON',
  running: 'Se está descargando el archivo',
  rows: (done, total) => `${done} de ${total}`,
  soFar: (done: string) => `${done} filas`,
  saved: (name) => `Guardado como ${name}`,
} satisfies Messages['files'];

/** Notes and tags of plates and events. */
export const notes = {
  title: 'Notas y etiquetas',
  tags: 'Etiquetas',
  add: 'Añadir',
  addTag: 'Etiqueta nueva',
  addNote: 'Nota nueva',
  remove: (text) => `Quitar «${text}»`,
  none: 'Todavía no hay notas.',
} satisfies Messages['notes'];
