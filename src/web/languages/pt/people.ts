import type { Messages } from '../messages.ts';

/** Accounts and tokens, and what they may do. */
export const people = {
  role: 'Função',
  roles: { admin: 'Administração', operator: 'Operação', viewer: 'Consulta', auditor: 'Auditoria' },
  roleMeans: {
    admin: 'Tudo, e cria as contas dos outros',
    operator: 'Vê, busca, exporta e corrige leituras',
    viewer: 'Vê o painel ao vivo e as imagens',
    auditor: 'Vê quem fez o quê, e nenhuma placa além disso',
  },
  scope: 'Pode ver',
  everywhere: 'todas as câmeras e locais',
  nowhere: 'nada',
  sitesOf: (sites) => `locais ${sites}`,
  camerasOf: (cameras) => `câmeras ${cameras}`,
  permissions: 'Permissões',
  permissionNames: {
    'events:read': 'Ver leituras',
    search: 'Buscar',
    images: 'Ver imagens',
    export: 'Exportar',
    'events:write': 'Corrigir leituras',
    alerts: 'Mudar alertas',
    audit: 'Ver a auditoria',
    privacy: 'Apagar e reter',
    people: 'Mudar contas',
    system: 'Ver o sistema',
    metrics: 'Ler métricas',
  },
} satisfies Messages['people'];
