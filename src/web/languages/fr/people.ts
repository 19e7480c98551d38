import type { Messages } from '../messages.ts';

/** Accounts and tokens, and what they may do. */
export const people = {
  role: 'Rôle',
  roles: { admin: 'Administration', operator: 'Exploitation', viewer: 'Consultation', auditor: 'Audit' },
  roleMeans: {
    admin: 'Tout, et crée les comptes des autres',
    operator: 'Voit, recherche, exporte et corrige les lectures',
    viewer: 'Voit le mur en direct et les images',
    auditor: 'Voit qui a fait quoi, et aucune plaque au-delà',
  },
  scope: 'Peut voir',
  everywhere: 'toutes les caméras et tous les sites',
  nowhere: 'rien',
  sitesOf: (sites) => `sites : ${sites}`,
  camerasOf: (cameras) => `caméras : ${cameras}`,
  permissions: 'Droits',
  permissionNames: {
    'events:read': 'Voir les lectures',
    search: 'Rechercher',
    images: 'Voir les images',
    export: 'Exporter',
    'events:write': 'Corriger les lectures',
    alerts: 'Modifier les alertes',
    audit: 'Voir l’audit',
    privacy: 'Effacer et conserver',
    people: 'Modifier les comptes',
    system: 'Voir le système',
    metrics: 'Lire les métriques',
  },
} satisfies Messages['people'];
