import type { Messages } from '../messages.ts';

/** Accounts and tokens, and what they may do. */
export const people = {
  role: 'Función',
  roles: { admin: 'Administración', operator: 'Operación', viewer: 'Consulta', auditor: 'Auditoría' },
  roleMeans: {
    admin: 'Todo, y crea las cuentas de los demás',
    operator: 'Ve, busca, exporta y corrige lecturas',
    viewer: 'Ve la vista en directo y las imágenes',
    auditor: 'Ve quién hizo qué, y ninguna matrícula más allá de eso',
  },
  scope: 'Puede ver',
  everywhere: 'todas las cámaras y emplazamientos',
  nowhere: 'nada',
  sitesOf: (sites) => `emplazamientos ${sites}`,
  camerasOf: (cameras) => `cámaras ${cameras}`,
  permissions: 'Permisos',
  permissionNames: {
    'events:read': 'Ver lecturas',
    search: 'Buscar',
    images: 'Ver imágenes',
    export: 'Exportar',
    'events:write': 'Corregir lecturas',
    alerts: 'Cambiar alertas',
    audit: 'Ver la auditoría',
    privacy: 'Borrar y conservar',
    people: 'Cambiar cuentas',
    system: 'Ver el sistema',
    metrics: 'Leer métricas',
  },
} satisfies Messages['people'];
