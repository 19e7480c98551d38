import type { Messages } from '../messages.ts';

/** Accounts and tokens, and what they may do. */
export const people = {
  role: 'Rolle',
  roles: { admin: 'Administration', operator: 'Bedienung', viewer: 'Betrachtung', auditor: 'Revision' },
  roleMeans: {
    admin: 'Alles, und legt die Konten der anderen an',
    operator: 'Sieht, sucht, exportiert und korrigiert Lesungen',
    viewer: 'Sieht die Live-Ansicht und Bilder',
    auditor: 'Sieht, wer was getan hat, und darüber hinaus keine Kennzeichen',
  },
  scope: 'Darf sehen',
  everywhere: 'alle Kameras und Standorte',
  nowhere: 'nichts',
  sitesOf: (sites) => `Standorte ${sites}`,
  camerasOf: (cameras) => `Kameras ${cameras}`,
  permissions: 'Berechtigungen',
  permissionNames: {
    'events:read': 'Lesungen sehen',
    search: 'Suchen',
    images: 'Bilder sehen',
    export: 'Exportieren',
    'events:write': 'Lesungen korrigieren',
    alerts: 'Alarme ändern',
    audit: 'Protokoll einsehen',
    privacy: 'Löschen und sperren',
    people: 'Konten ändern',
    system: 'System einsehen',
    metrics: 'Metriken lesen',
  },
} satisfies Messages['people'];
