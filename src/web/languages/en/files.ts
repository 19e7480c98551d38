/** What can be taken away as a file. */
export const files = {
  export: 'Export',
  csv: 'As CSV',
  ndjson: 'As NDJSON',
  running: 'Downloading',
  rows: (done: string, total: string) => `${done} of ${total}`,
  soFar: (done: string) => `${done} rows`,
  saved: (name: string) => `Saved as ${name}`,
};

/** Notes and tags of plates and events. */
export const notes = {
  title: 'Notes and tags',
  tags: 'Tags',
  add: 'Add',
  addTag: 'A new tag',
  addNote: 'A new note',
  remove: (text: string) => `Remove “${text}”`,
  none: 'No notes yet.',
};
